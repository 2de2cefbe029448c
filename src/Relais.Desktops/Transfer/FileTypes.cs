using System.IO.Compression;
using System.Text;

namespace Relais.Desktops.Transfer;

/// <summary>
/// What a file is by its content, and which content goes with which extension. A file passes only when both agree. This tells kinds apart;
/// it is no search for malicious software.
/// </summary>
internal static class FileTypes
{
    private const int HeadLength = 512;
    private const int MostZipEntries = 20_000;
    private const int Chunk = 64 * 1024;

    private static readonly Dictionary<string, FileKind> Kinds = new(StringComparer.Ordinal)
    {
        ["pdf"] = FileKind.Pdf,
        ["png"] = FileKind.Png,
        ["jpg"] = FileKind.Jpeg,
        ["jpeg"] = FileKind.Jpeg,
        ["gif"] = FileKind.Gif,
        ["webp"] = FileKind.Webp,
        ["txt"] = FileKind.Text,
        ["csv"] = FileKind.Text,
        ["md"] = FileKind.Text,
        ["json"] = FileKind.Text,
        ["xml"] = FileKind.Text,
        ["docx"] = FileKind.WordXml,
        ["xlsx"] = FileKind.SheetXml,
        ["pptx"] = FileKind.SlidesXml,
        ["odt"] = FileKind.OpenText,
        ["ods"] = FileKind.OpenSheet,
        ["odp"] = FileKind.OpenSlides,
        ["sav"] = FileKind.Spss,
        ["wav"] = FileKind.Wave,
        ["zip"] = FileKind.Zip,
    };

    /// <summary>All but archives, whose contents are not looked at.</summary>
    public static IReadOnlyList<string> Usual { get; } = [.. Kinds.Keys.Where(t => t != "zip")];

    public static bool Knows(string extension) => Kinds.ContainsKey(extension);

    /// <summary>The extension of a name, in lower case and without its dot; empty when there is none.</summary>
    public static string ExtensionOf(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    /// <summary>Whether content of this kind may bear this extension.</summary>
    public static bool Agree(string extension, FileKind kind) => Kinds.TryGetValue(extension, out var wanted) && wanted == kind;

    /// <summary>Reads a file from its beginning and says what it is.</summary>
    /// <param name="content">Must be able to seek.</param>
    public static async Task<FileKind> SniffAsync(Stream content, CancellationToken cancel)
    {
        content.Position = 0;
        var head = new byte[HeadLength];
        var length = await content.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancel);
        return OfHead(head.AsSpan(0, length)) switch
        {
            FileKind.Zip => OfZip(content),
            FileKind.Unknown => await IsTextAsync(content, cancel) ? FileKind.Text : FileKind.Unknown,
            var kind => kind,
        };
    }

    private static FileKind OfHead(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'M', (byte)'Z', ..] or [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] or [(byte)'#', (byte)'!', ..] => FileKind.Program,
        [0xCA, 0xFE, 0xBA, 0xBE, ..] or [0xCF, 0xFA, 0xED, 0xFE, ..] => FileKind.Program,
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => FileKind.Pdf,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => FileKind.Png,
        [0xFF, 0xD8, 0xFF, ..] => FileKind.Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => FileKind.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => FileKind.Webp,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => FileKind.Wave,
        [(byte)'$', (byte)'F', (byte)'L', (byte)'2' or (byte)'3', ..] => FileKind.Spss,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => FileKind.Zip,
        _ => FileKind.Unknown,
    };

    // Only the directory is read, and the one small entry that OpenDocument keeps uncompressed at the front.
    private static FileKind OfZip(Stream content)
    {
        try
        {
            content.Position = 0;
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostZipEntries)
                return FileKind.Unknown;
            if (zip.Entries.Any(e => e.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase) || e.FullName.StartsWith("Basic/", StringComparison.Ordinal)))
                return FileKind.Macros;
            if (zip.GetEntry("[Content_Types].xml") is not null)
                return zip.GetEntry("word/document.xml") is not null ? FileKind.WordXml
                    : zip.GetEntry("xl/workbook.xml") is not null ? FileKind.SheetXml
                    : zip.GetEntry("ppt/presentation.xml") is not null ? FileKind.SlidesXml
                    : FileKind.Zip;
            return zip.GetEntry("mimetype") is { Length: < HeadLength } type ? OfOpenDocument(type) : FileKind.Zip;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            return FileKind.Unknown;
        }
    }

    private static FileKind OfOpenDocument(ZipArchiveEntry type)
    {
        using var stream = type.Open();
        var bytes = new byte[HeadLength];
        var read = stream.ReadAtLeast(bytes, HeadLength, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(bytes, 0, read).Trim() switch
        {
            "application/vnd.oasis.opendocument.text" => FileKind.OpenText,
            "application/vnd.oasis.opendocument.spreadsheet" => FileKind.OpenSheet,
            "application/vnd.oasis.opendocument.presentation" => FileKind.OpenSlides,
            _ => FileKind.Zip,
        };
    }

    // A program or a picture has a zero byte somewhere; text in UTF-8 or an older alphabet has none, to its end.
    private static async Task<bool> IsTextAsync(Stream content, CancellationToken cancel)
    {
        content.Position = 0;
        var buffer = new byte[Chunk];
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            if (buffer.AsSpan(0, read).Contains((byte)0))
                return false;
        }

        return true;
    }
}

/// <summary>What a file is by its content.</summary>
internal enum FileKind
{
    Unknown,
    Text,
    Pdf,
    Png,
    Jpeg,
    Gif,
    Webp,
    Wave,
    Spss,
    Zip,
    WordXml,
    SheetXml,
    SlidesXml,
    OpenText,
    OpenSheet,
    OpenSlides,

    /// <summary>Something that a computer executes, or a script.</summary>
    Program,

    /// <summary>An office document with programs in it.</summary>
    Macros,
}
