using System.Security.Cryptography;
using System.Text.Json;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Imports;

/// <summary>How far the import of one log is, as kept beside the history. Whatever it says has been read is in the history, once.</summary>
internal sealed record ImportState
{
    /// <summary>Bytes at the beginning by which a log is known again, under whatever name and compression.</summary>
    public const int LongestHead = 4096;

    public required string Id { get; init; }

    /// <summary>The file's name when it was last read.</summary>
    public required string Name { get; init; }

    public required string Site { get; init; }

    public required LogFormat Format { get; init; }

    /// <summary>The line with the columns' names, of a table.</summary>
    public string? Header { get; init; }

    public required int HeadLength { get; init; }

    public required string HeadHash { get; init; }

    /// <summary>Bytes read, uncompressed.</summary>
    public long Offset { get; init; }

    /// <summary>SHA-256 of these bytes.</summary>
    public string Hash { get; init; } = "";

    public long Lines { get; init; }

    public int Batches { get; init; }

    public long Requests { get; init; }

    public long Listens { get; init; }

    /// <summary>Rows whose agent is a program's: kept, and left out of figures.</summary>
    public long ByBots { get; init; }

    /// <summary>Lines of a streaming server that are no listening.</summary>
    public long NoStream { get; init; }

    /// <summary>Rows of days that are older than visitors are told apart.</summary>
    public long TooOld { get; init; }

    public Dictionary<LineFault, long> Faults { get; init; } = [];

    /// <summary>The first lines with each fault.</summary>
    public List<FaultSample> Samples { get; init; } = [];

    public bool Complete { get; init; }

    /// <summary>The versions of the rules by which rows were told apart.</summary>
    public List<string> Rules { get; init; } = [Bots.Rule, Assets.Rule, Mounts.Rule, Agents.Rule];

    public static string HashOf(ReadOnlySpan<byte> head) => Convert.ToHexStringLower(SHA256.HashData(head));

    public static IReadOnlyList<ImportState> All(HistoryFolder history) =>
        [.. Directory.EnumerateFiles(history.Imports, "*.json").Order(StringComparer.Ordinal).Select(f => JsonSerializer.Deserialize(File.ReadAllBytes(f), HistoryJson.Default.ImportState)).OfType<ImportState>()];

    public void Save(HistoryFolder history) =>
        WholeFile.Write(Path.Combine(history.Imports, $"{Id}.json"), JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.ImportState));
}

/// <param name="Line">From 1.</param>
internal sealed record FaultSample(long Line, LineFault Fault);
