using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Relais.Gateway.Feed;

/// <summary>The pictures of the entries: PNGs, and both sizes in one icon file as Windows wants it. The same for everybody.</summary>
internal static class FeedIcons
{
    public const string Ico = "image/vnd.microsoft.icon";
    public const string Png = "image/png";

    private const int HeaderLength = 6;
    private const int EntryLength = 16;
    private const byte BitsPerPixel = 32;

    private static readonly string[] Kinds = ["desktop", "workstation"];
    private static readonly int[] Sizes = [32, 256];

    /// <summary>By file name, such as "desktop-32.png".</summary>
    public static readonly FrozenDictionary<string, Icon> All = Kinds.SelectMany(Of).ToFrozenDictionary(icon => icon.Name, StringComparer.Ordinal);

    private static IEnumerable<Icon> Of(string kind)
    {
        var pictures = Sizes.Select(size => (Size: size, Bytes: Read($"feed-icon-{kind}-{size}"))).ToList();
        foreach (var (size, bytes) in pictures)
            yield return new Icon($"{kind}-{size}.png", Png, bytes);
        yield return new Icon($"{kind}.ico", Ico, Pack(pictures));
    }

    // Since Windows Vista an icon file may hold its pictures as PNG.
    private static byte[] Pack(List<(int Size, byte[] Bytes)> pictures)
    {
        var offset = HeaderLength + EntryLength * pictures.Count;
        var file = new byte[offset + pictures.Sum(p => p.Bytes.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(4), (ushort)pictures.Count);
        for (var i = 0; i < pictures.Count; i++)
        {
            var entry = file.AsSpan(HeaderLength + EntryLength * i, EntryLength);
            // 256 is written as 0.
            entry[0] = entry[1] = (byte)pictures[i].Size;
            entry[4] = 1;
            entry[6] = BitsPerPixel;
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], pictures[i].Bytes.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], offset);
            pictures[i].Bytes.CopyTo(file, offset);
            offset += pictures[i].Bytes.Length;
        }

        return file;
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(FeedIcons).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"No resource {resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal sealed record Icon(string Name, string MediaType, byte[] Bytes)
    {
        public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 8))}\"";
    }
}
