using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relais.Gateway.Protocols.RdpFiles;

/// <summary>A file that a native client opens: one setting a line, in UTF-16 with a byte order mark, as Windows' own client saves them.</summary>
public sealed class RdpFile
{
    private const int SignatureVersion = 0x00010001;
    private const int SignatureKind = 1;
    private const int SignatureHeaderLength = 12;

    private readonly List<Setting> _settings = [];

    /// <summary>Adds a number.</summary>
    /// <param name="name">In lower case, such as <c>gatewayusagemethod</c>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="scope">The name as a signature lists it; null for what signatures do not cover.</param>
    public RdpFile Add(string name, int value, string? scope = null) =>
        Add(new Setting(name, $"{name}:i:{value.ToString(CultureInfo.InvariantCulture)}", scope));

    /// <summary>Adds a text.</summary>
    /// <exception cref="ArgumentException">The text has a control character: a line break in it would begin a setting of its own.</exception>
    public RdpFile Add(string name, string value, string? scope = null)
    {
        if (value.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'))
            throw new ArgumentException("With a control character.", nameof(value));
        return Add(new Setting(name, $"{name}:s:{value}", scope));
    }

    /// <summary>The whole file, unsigned.</summary>
    public byte[] Write() => Encode(_settings.Select(s => s.Line));

    /// <summary>The whole file, signed as Windows' rdpsign does: the client then shows who made it, and that nobody changed it.</summary>
    /// <param name="signer">With its private key, RSA or ECDSA.</param>
    /// <param name="chain">What stands between it and a root.</param>
    public byte[] WriteSigned(X509Certificate2 signer, X509Certificate2Collection chain)
    {
        var cms = DetachedSignature.Of(SignedBytes(), signer, chain);
        var signature = new byte[SignatureHeaderLength + cms.Length];
        BinaryPrimitives.WriteInt32LittleEndian(signature, SignatureVersion);
        BinaryPrimitives.WriteInt32LittleEndian(signature.AsSpan(4), SignatureKind);
        BinaryPrimitives.WriteInt32LittleEndian(signature.AsSpan(8), cms.Length);
        cms.CopyTo(signature, SignatureHeaderLength);
        return Encode([.. _settings.Select(s => s.Line), Scope(), $"signature:s:{Convert.ToBase64String(signature)}"]);
    }

    /// <summary>What is signed: the covered settings, their names, and a terminator, in UTF-16 without a byte order mark.</summary>
    public byte[] SignedBytes()
    {
        var text = new StringBuilder();
        foreach (var setting in _settings.Where(s => s.Signed is not null))
            text.Append(setting.Line).Append("\r\n");
        return Encoding.Unicode.GetBytes(text.Append(Scope()).Append("\r\n\0").ToString());
    }

    /// <summary>Names the kind only: the file holds a token.</summary>
    public override string ToString() => nameof(RdpFile);

    private RdpFile Add(Setting setting)
    {
        _settings.Add(setting);
        return this;
    }

    private string Scope() => $"signscope:s:{string.Join(',', _settings.Where(s => s.Signed is not null).Select(s => s.Signed))}";

    private static byte[] Encode(IEnumerable<string> lines) =>
        [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(string.Concat(lines.Select(line => line + "\r\n")))];

    private sealed record Setting(string Name, string Line, string? Signed);
}
