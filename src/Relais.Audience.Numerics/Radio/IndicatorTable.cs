using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>A row of a table of indicators.</summary>
public enum RowKind
{
    TotalRadio,
    Group,
    Station,
}

/// <summary>Which audience a row shows: total radio, or the group or station with that number.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TableRow(RowKind Kind, int Number);

/// <summary>Indicators for every target, band and row of a request. Rows are total radio, then groups, then stations.</summary>
public sealed class IndicatorTable
{
    private readonly Indicators[] _cells;
    private readonly int _groups;

    internal IndicatorTable(IndicatorRequest request, int stations)
    {
        Request = request;
        _groups = request.Groups.Count;
        Rows = 1 + _groups + stations;
        _cells = new Indicators[request.Targets.Count * request.Bands.Count * Rows];
    }

    public IndicatorRequest Request { get; }

    /// <summary>How many rows there are for each target and band.</summary>
    public int Rows { get; }

    /// <summary>The indicators of a target, a band and a row, by their places in the request.</summary>
    public Indicators this[int target, int band, int row]
    {
        get => _cells[Cell(target, band, row)];
        internal set => _cells[Cell(target, band, row)] = value;
    }

    /// <summary>What a row shows.</summary>
    public TableRow RowAt(int row) => row switch
    {
        0 => new(RowKind.TotalRadio, 0),
        _ when row <= _groups => new(RowKind.Group, row - 1),
        _ => new(RowKind.Station, row - 1 - _groups),
    };

    /// <summary>The row of a group by its place in the request.</summary>
    public static int RowOfGroup(int group) => 1 + group;

    /// <summary>The row of a station by its number.</summary>
    public int RowOfStation(int station) => 1 + _groups + station;

    internal int Cell(int target, int band, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)band, (uint)Request.Bands.Count, nameof(band));
        return (target * Request.Bands.Count + band) * Rows + row;
    }
}
