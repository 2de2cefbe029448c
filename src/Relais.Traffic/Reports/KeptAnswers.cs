using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>
/// Reports that took long, kept beside the history under what they were made of: the question, the definitions, and the files as they are. A file that comes, goes or changes makes
/// another name, so that no answer is given that the files would not give. They hold figures, nobody's number.
/// </summary>
internal static class KeptAnswers
{
    /// <summary>What was quicker than this is made again.</summary>
    public static readonly TimeSpan Worth = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    // One more with each change of what the SQL counts.
    private const int Version = 1;
    private const int Most = 500;
    private const long Day = 24 * 3600;
    private const string Ending = ".json.gz";

    /// <summary>Where the answer lies, if it is kept. To be asked before the files are read.</summary>
    public static string PathOf(HistoryFolder history, ReportQuestion question)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string part) => hash.AppendData(Encoding.UTF8.GetBytes(part + '\n'));
        Add(string.Create(CultureInfo.InvariantCulture, $"{Version} {question.Pages.Name} {Definition.Listening} {history.Zone.Id}"));
        Add(string.Join('\0', question.By));
        foreach (var (dimension, values) in question.Where.OrderBy(w => w.Key, StringComparer.Ordinal))
            Add(string.Join('\0', values.Order(StringComparer.Ordinal).Prepend(dimension)));
        foreach (var bucket in question.Buckets)
            Add(string.Create(CultureInfo.InvariantCulture, $"{bucket.Start} {bucket.Stop}"));
        // The days that the reports look into, with one to spare at both ends.
        foreach (var table in (string[])[HistoryFolder.Requests, HistoryFolder.Listens])
        {
            foreach (var file in history.Files(table, question.From - (3 * Day), question.To + (2 * Day)).Select(f => new FileInfo(f)))
                Add(string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(history.Path, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        }

        return Path.Combine(Folder(history), Convert.ToHexStringLower(hash.GetHashAndReset())[..32] + Ending);
    }

    /// <returns>Null when there is none.</returns>
    public static IReadOnlyList<ReportLine>? Read(string path)
    {
        try
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(file, AnswerJson.Default.ListReportLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps an answer; where that cannot be, it is made again the next time.</summary>
    public static void Write(string path, IReadOnlyList<ReportLine> lines)
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
            using var content = new MemoryStream();
            using (var packed = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
                JsonSerializer.Serialize(packed, lines.ToList(), AnswerJson.Default.ListReportLine);
            WholeFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
            foreach (var old in folder.EnumerateFiles("*" + Ending).OrderByDescending(f => f.LastWriteTimeUtc).Skip(Most).ToList())
                old.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody who may only read, or two who asked the same.
        }
    }

    /// <summary>Removes what nobody's files give any more.</summary>
    public static void Purge(HistoryFolder history, DateTimeOffset now)
    {
        var folder = new DirectoryInfo(Folder(history));
        foreach (var old in folder.Exists ? folder.GetFiles("*" + Ending).Where(f => now.UtcDateTime - f.LastWriteTimeUtc > Longest) : [])
            old.Delete();
    }

    private static string Folder(HistoryFolder history) => Path.Combine(history.Path, "answers");
}

[JsonSerializable(typeof(List<ReportLine>))]
internal sealed partial class AnswerJson : JsonSerializerContext;
