using System.Globalization;
using nietras.SeparatedValues;
using Relais.Traffic.Measures.Listening;

namespace Relais.Traffic.Streams;

/// <summary>A file of connections, <c>listener,station,start_epoch,end_epoch</c>: by station, in the order in which stations first stand in it.</summary>
internal abstract record ConnectionsFile
{
    private static readonly string[] Columns = ["listener", "station", "start_epoch", "end_epoch"];

    // The year 2200: milliseconds by mistake lie far beyond.
    private const long LatestSecond = 7_258_118_400;

    private ConnectionsFile() { }

    /// <param name="First">The first second of all connections; 0 without any.</param>
    /// <param name="Last">Their end.</param>
    public sealed record Good(IReadOnlyList<(string Station, List<Connection> Connections)> Stations, long First, long Last) : ConnectionsFile;

    /// <param name="Line">From 1.</param>
    /// <param name="Problem">What is wrong and what to do.</param>
    public sealed record Bad(int Line, string Problem) : ConnectionsFile;

    public static ConnectionsFile Read(string path)
    {
        try
        {
            using var rows = Sep.Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, ColNameComparer = StringComparer.OrdinalIgnoreCase }).FromFile(path);
            if (rows.IsEmpty)
                return new Bad(1, $"there is nothing in it. It begins with the names of its columns: {string.Join(',', Columns)}.");
            var missing = Columns.Except(rows.Header.ColNames, StringComparer.OrdinalIgnoreCase).ToList();
            return missing.Count > 0 ? new Bad(1, $"there is no column {string.Join(", ", missing)}. Expected: {string.Join(',', Columns)}.") : Read(rows);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException)
        {
            return new Bad(1, $"this is no table of values separated by commas, semicolons or tabs ({e.Message.Split('\n')[0]}).");
        }
    }

    private static ConnectionsFile Read(SepReader rows)
    {
        var (listeners, places) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var (stations, first, last) = (new List<(string Station, List<Connection> Connections)>(), long.MaxValue, 0L);
        foreach (var row in rows)
        {
            var (listener, station) = (row[Columns[0]].ToString(), row[Columns[1]].ToString());
            if (listener.Length == 0 || station.Length == 0)
                return new Bad(row.LineNumberFrom, "listener and station must not be empty: who is not known is left out of the file, or given a name of its own.");
            if (!TrySecond(row[Columns[2]].Span, out var start) || !TrySecond(row[Columns[3]].Span, out var end))
                return new Bad(row.LineNumberFrom, $"\"{row[Columns[2]]}\" and \"{row[Columns[3]]}\" must be whole seconds since 1970, UTC (not milliseconds).");
            if (end < start)
                return new Bad(row.LineNumberFrom, $"the connection ends at {end.ToString(CultureInfo.InvariantCulture)}, before it begins at {start.ToString(CultureInfo.InvariantCulture)}.");
            if (!listeners.TryGetValue(listener, out var number))
                listeners.Add(listener, number = listeners.Count);
            if (!places.TryGetValue(station, out var place))
            {
                places.Add(station, place = stations.Count);
                stations.Add((station, []));
            }

            stations[place].Connections.Add(new Connection(number, start, end));
            (first, last) = (Math.Min(first, start), Math.Max(last, end));
        }

        return new Good(stations, stations.Count == 0 ? 0 : first, last);
    }

    private static bool TrySecond(ReadOnlySpan<char> text, out long second) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out second) && second <= LatestSecond;
}
