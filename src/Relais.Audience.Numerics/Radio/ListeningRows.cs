using System.Globalization;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Collects rows of listening, in any order, and makes <see cref="Listening"/> of them. 8 bytes a row while it collects.</summary>
/// <remarks>Not safe for several threads.</remarks>
public sealed class ListeningRows
{
    /// <summary>The most respondents: half of the range of an int.</summary>
    public const int MostRespondents = int.MaxValue / 2;

    /// <summary>The most stations: their numbers are packed into 20 bits.</summary>
    public const int MostStations = 1 << 20;

    private const int QuarterHourBits = 7;
    private const int StationBits = 20;

    private readonly BroadcastDay _day;
    private ulong[] _rows = new ulong[1024];
    private int _count;
    private ulong _last;
    private bool _sorted = true;

    /// <exception cref="ArgumentOutOfRangeException">The day's start or length is out of range.</exception>
    public ListeningRows(BroadcastDay day)
    {
        if (!day.IsValid)
            throw new ArgumentOutOfRangeException(nameof(day), day, "A day starts on a quarter hour and has 1 to 96 of them.");
        _day = day;
    }

    /// <summary>Adds that a respondent heard a station in a quarter hour. A row given twice counts once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The quarter hour is outside the day, or a number is negative or too large.</exception>
    public void Add(int respondent, int station, int quarterHour)
    {
        if (!_day.Contains(quarterHour))
            throw new ArgumentOutOfRangeException(nameof(quarterHour), quarterHour, string.Create(CultureInfo.InvariantCulture,
                $"The day has quarter hours 0 to {_day.Length - 1} (from {_day.ClockAt(0)} to {_day.ClockAt(_day.Length)})."));
        ArgumentOutOfRangeException.ThrowIfNegative(respondent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(respondent, MostRespondents);
        ArgumentOutOfRangeException.ThrowIfNegative(station);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(station, MostStations);

        var row = ((ulong)respondent << (StationBits + QuarterHourBits)) | ((ulong)station << QuarterHourBits) | (uint)quarterHour;
        if (_count == _rows.Length)
            Array.Resize(ref _rows, _count * 2);
        _rows[_count++] = row;
        _sorted &= row >= _last;
        _last = row;
    }

    /// <summary>The listening of <paramref name="respondents"/> people to <paramref name="stations"/> stations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row names a respondent or a station beyond these numbers.</exception>
    public Listening Build(int respondents, int stations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(respondents);
        ArgumentOutOfRangeException.ThrowIfNegative(stations);
        if (!_sorted)
            Array.Sort(_rows, 0, _count);
        _sorted = true;

        var rows = _rows.AsSpan(0, _count);
        var pairs = 0;
        var previous = ulong.MaxValue;
        foreach (var row in rows)
        {
            pairs += row >> QuarterHourBits == previous ? 0 : 1;
            previous = row >> QuarterHourBits;
        }

        var first = new int[respondents + 1];
        var station = new int[pairs];
        var heard = new QuarterHours[pairs];
        var at = -1;
        previous = ulong.MaxValue;
        foreach (var row in rows)
        {
            var pair = row >> QuarterHourBits;
            if (pair != previous)
            {
                previous = pair;
                station[++at] = (int)(pair & (MostStations - 1));
                var respondent = (int)(pair >> StationBits);
                if (respondent >= respondents)
                    throw new ArgumentOutOfRangeException(nameof(respondents), respondents, $"A row names respondent {respondent}.");
                if (station[at] >= stations)
                    throw new ArgumentOutOfRangeException(nameof(stations), stations, $"A row names station {station[at]}.");
                first[respondent + 1]++;
            }

            heard[at] |= QuarterHours.At((int)(row & ((1 << QuarterHourBits) - 1)));
        }

        for (var respondent = 0; respondent < respondents; respondent++)
            first[respondent + 1] += first[respondent];
        return new(_day, stations, first, station, heard);
    }
}
