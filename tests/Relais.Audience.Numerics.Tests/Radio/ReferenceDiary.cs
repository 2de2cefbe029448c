using System.Globalization;
using System.IO.Compression;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>The files of <c>Reference/</c>, and the synthetic diary as a sample.</summary>
internal static class ReferenceDiary
{
    public static IReadOnlyList<string> Stations { get; } = [.. Enumerable.Range(1, 10).Select(i => $"S{i}")];

    public static IReadOnlyList<string[]> Respondents { get; } = Rows("radio/respondents.csv");

    public static RadioSample Sample { get; } = Read();

    public static IEnumerable<string> Lines(string name)
    {
        using var file = typeof(ReferenceDiary).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>A file's rows without its header; none of the reference files quotes a field.</summary>
    public static IReadOnlyList<string[]> Rows(string name) => [.. Lines(name).Skip(1).Select(line => line.Split(','))];

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static RadioSample Read()
    {
        var place = Respondents.Select((row, index) => (row[0], index)).ToDictionary(pair => pair.Item1, pair => pair.index);
        var rows = new ListeningRows(BroadcastDay.French);
        foreach (var row in Rows("radio/listening.csv"))
            rows.Add(place[row[0]], Stations.ToList().IndexOf(row[1]), int.Parse(row[2], CultureInfo.InvariantCulture));

        return new(rows.Build(Respondents.Count, Stations.Count), [.. Respondents.Select(row => Number(row[6]))],
            [.. Respondents.Select(row => int.Parse(row[4][1..], CultureInfo.InvariantCulture))]);
    }
}
