using System.Globalization;

namespace Relais.Desktops.Workstations;

/// <summary>Ports as operators write them: "22, 5900-5999".</summary>
internal sealed class PortRanges
{
    private readonly List<(int First, int Last)> _ranges;

    private PortRanges(List<(int First, int Last)> ranges) => _ranges = ranges;

    /// <summary>The port to suggest.</summary>
    public int First => _ranges[0].First;

    public bool Contain(int port) => _ranges.Exists(range => port >= range.First && port <= range.Last);

    public override string ToString() =>
        string.Join(", ", _ranges.Select(r => r.First == r.Last ? r.First.ToString(CultureInfo.InvariantCulture) : $"{r.First}-{r.Last}"));

    public static PortRanges? TryParse(string? text)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-', 2, StringSplitOptions.TrimEntries);
            if (Port(ends[0]) is not { } first || Port(ends[^1]) is not { } last || last < first)
                return null;
            ranges.Add((first, last));
        }

        return ranges.Count > 0 ? new PortRanges(ranges) : null;
    }

    public static int? Port(string? text) =>
        int.TryParse((text ?? "").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
