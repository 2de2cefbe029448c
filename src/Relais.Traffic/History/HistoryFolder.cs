using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Relais.Traffic.History;

/// <summary>
/// Where history lies: <c>requests</c> and <c>listens</c>, in each a folder a day, in which whoever writes has Parquet files of their own. Days are those of
/// the history's zone, told once and for all in <c>history.json</c>; <c>secret</c> is the key under which visitors are hashed.
/// </summary>
internal sealed class HistoryFolder
{
    public const string Requests = "requests";
    public const string Listens = "listens";
    public const string DefaultZone = "Europe/Paris";

    /// <summary>In a day's folder: visitors were given numbers of that day alone, and only this file counts.</summary>
    public const string Unlinked = "unlinked.parquet";

    private const string DayFormat = "yyyy-MM-dd";
    private const int SecretBytes = 32;
    private readonly byte[] _secret;

    private HistoryFolder(string path, TimeZoneInfo zone, byte[] secret) => (Path, Zone, _secret) = (path, zone, secret);

    public string Path { get; }

    public TimeZoneInfo Zone { get; }

    public string Imports => System.IO.Path.Combine(Path, "imports");

    public string SecretFile => System.IO.Path.Combine(Path, "secret");

    public static bool Exists(string path) => File.Exists(Settings(path));

    /// <summary>Opens a history, or begins one.</summary>
    /// <param name="zone">Whose days a new history has; an old one keeps its own.</param>
    public static HistoryFolder Open(string path, string zone = DefaultZone)
    {
        var folder = System.IO.Path.GetFullPath(path);
        var settings = Settings(folder);
        if (!File.Exists(settings))
        {
            Directory.CreateDirectory(System.IO.Path.Combine(folder, "imports"));
            WholeFile.Write(settings, JsonSerializer.SerializeToUtf8Bytes(new HistorySettings(1, zone), HistoryJson.Default.HistorySettings));
        }

        var kept = JsonSerializer.Deserialize(File.ReadAllBytes(settings), HistoryJson.Default.HistorySettings) ?? throw new InvalidDataException($"{settings} is empty.");
        if (kept.Version != 1)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{settings} is of version {kept.Version}, which only a newer relais reads."));
        var secret = System.IO.Path.Combine(folder, "secret");
        if (!File.Exists(secret))
            WriteSecret(secret);
        return new HistoryFolder(folder, TimeZoneInfo.FindSystemTimeZoneById(kept.Zone), File.ReadAllBytes(secret));
    }

    /// <summary>A number for a visitor of a site: the same for the same address and agent, until the secret is changed.</summary>
    public ulong VisitorOf(string site, string address, string agent)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{site}\0{address}\0{agent}"), hash);
        return BitConverter.ToUInt64(hash);
    }

    public DateOnly DayOf(long second) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), Zone).DateTime);

    public string Folder(string table, DateOnly day) => System.IO.Path.Combine(Path, table, day.ToString(DayFormat, CultureInfo.InvariantCulture));

    public IReadOnlyList<DateOnly> Days(string table)
    {
        var folder = System.IO.Path.Combine(Path, table);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder)
                .Select(d => DateOnly.TryParseExact(System.IO.Path.GetFileName(d), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null)
                .OfType<DateOnly>().Order()]
            : [];
    }

    /// <summary>The files that count, of the days that seconds lie in.</summary>
    public IReadOnlyList<string> Files(string table, long from, long to)
    {
        var (first, last) = (DayOf(from), DayOf(to));
        return [.. Days(table).Where(d => d >= first && d <= last).SelectMany(d => FilesOf(table, d))];
    }

    public IReadOnlyList<string> FilesOf(string table, DateOnly day)
    {
        var unlinked = System.IO.Path.Combine(Folder(table, day), Unlinked);
        return File.Exists(unlinked) ? [unlinked] : [.. Directory.EnumerateFiles(Folder(table, day), "*.parquet").Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes what a writer left of files that it had not got to count on.</summary>
    /// <param name="counted">How many of its files, numbered from 0 after its name, count.</param>
    public void Forget(string name, int counted)
    {
        foreach (var table in (string[])[Requests, Listens])
        {
            foreach (var file in Days(table).SelectMany(d => Directory.EnumerateFiles(Folder(table, d), $"{name}-*.parquet")))
            {
                if (int.TryParse(System.IO.Path.GetFileNameWithoutExtension(file)[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= counted)
                    File.Delete(file);
            }
        }
    }

    public bool IsUnlinked(string table, DateOnly day) => File.Exists(System.IO.Path.Combine(Folder(table, day), Unlinked));

    /// <summary>From now on everybody is somebody new.</summary>
    public void ChangeSecret(DateTimeOffset now)
    {
        WriteSecret(SecretFile);
        File.SetLastWriteTimeUtc(SecretFile, now.UtcDateTime);
    }

    private static void WriteSecret(string path) => WholeFile.Write(path, RandomNumberGenerator.GetBytes(SecretBytes), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static string Settings(string folder) => System.IO.Path.Combine(folder, "history.json");
}

internal sealed record HistorySettings(int Version, string Zone);
