using System.Globalization;
using System.IO.Compression;

namespace Relais.Traffic.Replay;

/// <summary>How many beacons a second are sent at a moment: what comes, comes, whether the server keeps up or not.</summary>
/// <param name="PerSecond">Beacons a second, by seconds.</param>
internal sealed record LoadCurve(IReadOnlyList<double> PerSecond)
{
    public int Seconds => PerSecond.Count;

    /// <summary>From one rate to another within one second: a tenth of the time before, the rest after.</summary>
    public static LoadCurve Step(double from, double to, int seconds) =>
        new([.. Enumerable.Range(0, seconds).Select(s => s < Math.Max(1, seconds / 10) ? from : to)]);

    /// <summary>A recorded curve around its highest point, a row becoming a second, brought to this peak; null when there are no numbers.</summary>
    /// <param name="path">CSV whose last column is a count; <c>.gz</c> or plain.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LoadCurve? OfFile(string path, double peak, int seconds)
    {
        var rows = Read(path);
        if (rows.Count == 0 || rows.Max() <= 0)
            return null;
        var from = Math.Clamp(rows.IndexOf(rows.Max()) - (seconds * 2 / 3), 0, Math.Max(0, rows.Count - seconds));
        var taken = rows.Skip(from).Take(seconds).ToList();
        return new LoadCurve([.. taken.Select(r => r * peak / taken.Max())]);
    }

    /// <summary>How many are due until this moment.</summary>
    public double DueAt(double second)
    {
        var whole = Math.Min((int)second, Seconds);
        var due = 0.0;
        for (var s = 0; s < whole; s++)
            due += PerSecond[s];
        return whole < Seconds ? due + (PerSecond[whole] * (second - whole)) : due;
    }

    private static List<double> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var rows = new List<double>();
        for (var line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            if (double.TryParse(line.AsSpan(line.LastIndexOf(',') + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
                rows.Add(count);
        }

        return rows;
    }
}
