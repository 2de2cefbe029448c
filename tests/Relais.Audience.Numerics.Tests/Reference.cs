using System.Globalization;
using System.IO.Compression;
using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Tests;

/// <summary>A table of the reference data, small and without quotation marks.</summary>
internal sealed class Reference
{
    private readonly string[] _names;
    private readonly string[][] _rows;

    private Reference(string[] names, string[][] rows) => (_names, _rows) = (names, rows);

    public int Rows => _rows.Length;

    public static Reference Read(string name)
    {
        using var stream = typeof(Reference).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var plain = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var text = new StreamReader(plain);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Reference(lines[0].Split(','), [.. lines.Skip(1).Select(l => l.Split(','))]);
    }

    public string[] Texts(string column)
    {
        var at = Array.IndexOf(_names, column);
        return at < 0 ? throw new ArgumentException($"no column {column}", nameof(column)) : [.. _rows.Select(r => r[at])];
    }

    public double[] Numbers(string column) => [.. Texts(column).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    /// <summary>Levels in the order of their names.</summary>
    public (string[] Levels, ushort[] Codes) Codes(string column)
    {
        var texts = Texts(column);
        var levels = texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return (levels, [.. texts.Select(t => (ushort)Array.IndexOf(levels, t))]);
    }

    public CellMargin Cells(string column, Func<string, double> total)
    {
        var (levels, codes) = Codes(column);
        return new CellMargin(column, levels, codes, [.. levels.Select(total)]);
    }
}
