using System.Formats.Asn1;
using System.Text;

namespace Relais.Access.Directories;

/// <summary>One entry of a search: its name, and what it holds.</summary>
internal sealed record LdapEntry(string Name, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Attributes)
{
    public string? Text(string attribute) => Texts(attribute).FirstOrDefault(t => t.Length > 0);

    public IEnumerable<string> Texts(string attribute) => Attributes.GetValueOrDefault(attribute)?.Select(Encoding.UTF8.GetString) ?? [];
}

/// <summary>How an operation ended (RFC 4511, 4.1.9).</summary>
internal readonly record struct LdapResult(int Code, string Message);

/// <summary>One message of the server: an entry, or the end of an operation.</summary>
/// <param name="Cookie">Where the next page begins; empty after the last.</param>
internal sealed record LdapMessage(int Id, int Operation, LdapResult Result, LdapEntry? Entry, byte[] Cookie)
{
    public const int BindResponse = 1;
    public const int SearchEntry = 4;
    public const int SearchDone = 5;
    public const int SearchReference = 19;
    public const int ExtendedResponse = 24;
    private const string Paging = "1.2.840.113556.1.4.319";
    private const string StartTlsName = "1.3.6.1.4.1.1466.20037";

    private static readonly byte[] Subtree = [0x0A, 0x01, 0x02];
    private static readonly byte[] NeverDereference = [0x0A, 0x01, 0x00];

    public static byte[] Bind(int id, string name, string password) => Write(id, writer =>
    {
        var tag = Application(0);
        writer.PushSequence(tag);
        writer.WriteInteger(3);
        writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
        writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
        writer.PopSequence(tag);
    });

    public static byte[] StartTls(int id) => Write(id, writer =>
    {
        var tag = Application(23);
        writer.PushSequence(tag);
        writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTlsName), new Asn1Tag(TagClass.ContextSpecific, 0));
        writer.PopSequence(tag);
    });

    public static byte[] Unbind(int id) => Write(id, writer => writer.WriteNull(new Asn1Tag(TagClass.Application, 2)));

    public static byte[] Search(int id, string under, byte[] filter, IEnumerable<string> attributes, int pageSize, byte[] cookie) => Write(
        id,
        writer =>
        {
            var tag = Application(3);
            writer.PushSequence(tag);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(under));
            writer.WriteEncodedValue(Subtree);
            writer.WriteEncodedValue(NeverDereference);
            writer.WriteInteger(0);
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            writer.WriteEncodedValue(filter);
            writer.PushSequence();
            foreach (var attribute in attributes)
                writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
            writer.PopSequence();
            writer.PopSequence(tag);
        },
        pageSize > 0 ? Page(pageSize, cookie) : null);

    /// <summary>The length of the message that begins here, head included; 0 while that is not known yet, -1 when this is none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
            return 0;
        if (bytes[0] != 0x30 || bytes[1] == 0x80 || bytes[1] > 0x84)
            return -1;
        var wide = bytes[1] > 0x80 ? bytes[1] - 0x80 : 0;
        if (bytes.Length < 2 + wide)
            return 0;
        long length = wide == 0 ? bytes[1] : 0;
        for (var n = 0; n < wide; n++)
            length = (length << 8) | bytes[2 + n];
        return length > int.MaxValue - 6 ? -1 : (int)length + 2 + wide;
    }

    /// <exception cref="AsnContentException">This is no message.</exception>
    public static LdapMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
        if (!message.TryReadInt32(out var id))
            throw new AsnContentException();
        var tag = message.PeekTag();
        if (tag.TagClass is not TagClass.Application)
            throw new AsnContentException();
        if (tag.TagValue is SearchEntry)
            return new LdapMessage(id, SearchEntry, default, ReadEntry(message.ReadSequence(tag)), []);
        if (tag.TagValue is SearchReference)
            return new LdapMessage(id, SearchReference, default, null, []);
        var operation = message.ReadSequence(tag);
        var result = ReadResult(operation);
        return new LdapMessage(id, tag.TagValue, result, null, message.HasData ? CookieIn(message.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) : []);
    }

    private static LdapEntry ReadEntry(AsnReader entry)
    {
        var name = Encoding.UTF8.GetString(entry.ReadOctetString());
        var attributes = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase);
        var list = entry.ReadSequence();
        while (list.HasData)
        {
            var pair = list.ReadSequence();
            var type = Encoding.UTF8.GetString(pair.ReadOctetString());
            var values = new List<byte[]>();
            var set = pair.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
                values.Add(set.ReadOctetString());
            attributes[type] = values;
        }

        return new LdapEntry(name, attributes);
    }

    private static LdapResult ReadResult(AsnReader operation)
    {
        var code = 0;
        foreach (var part in operation.ReadEnumeratedBytes().Span)
            code = (code << 8) | part;
        operation.ReadOctetString();
        return new LdapResult(code, Encoding.UTF8.GetString(operation.ReadOctetString()).TrimEnd('\0'));
    }

    private static byte[] CookieIn(AsnReader controls)
    {
        while (controls.HasData)
        {
            var control = controls.ReadSequence();
            var name = Encoding.ASCII.GetString(control.ReadOctetString());
            if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                control.ReadBoolean();
            if (name is not Paging || !control.HasData)
                continue;
            var page = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            page.ReadInteger();
            return page.ReadOctetString();
        }

        return [];
    }

    private static byte[] Page(int size, byte[] cookie)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        writer.PushSequence();
        writer.WriteInteger(size);
        writer.WriteOctetString(cookie);
        writer.PopSequence();
        return writer.Encode();
    }

    private static byte[] Write(int id, Action<AsnWriter> operation, byte[]? page = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        writer.PushSequence();
        writer.WriteInteger(id);
        operation(writer);
        if (page is not null)
        {
            var controls = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            writer.PushSequence(controls);
            writer.PushSequence();
            writer.WriteOctetString(Encoding.ASCII.GetBytes(Paging));
            writer.WriteOctetString(page);
            writer.PopSequence();
            writer.PopSequence(controls);
        }

        writer.PopSequence();
        return writer.Encode();
    }

    private static Asn1Tag Application(int number) => new(TagClass.Application, number, isConstructed: true);
}
