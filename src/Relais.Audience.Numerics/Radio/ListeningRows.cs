using System.Globalization;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Collects rows of listening, in any order, and makes <see cref="Listening"/> of them.</summary>
/// <remarks>
/// It holds 24 bytes for each pair of respondent and station, not for each row: rows of a pair that follow each other are joined at once, others
/// whenever it would have to grow. Not safe for several threads.
/// </remarks>
public sealed class ListeningRows
{
    /// <summary>The most respondents: half of the range of an int.</summary>
    public const int MostRespondents = int.MaxValue / 2;

    /// <summary>The most stations: their numbers are packed into 20 bits.</summary>
    public const int MostStations = 1 << 20;

    private const int StationBits = 20;

    private readonly BroadcastDay _day;
    private ulong[] _pairs = new ulong[1024];
    private QuarterHours[] _heard = new QuarterHours[1024];
    private int _count;
    private bool _ordered = true;

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
        Add(respondent, station, QuarterHours.At(quarterHour));
    }

    /// <summary>Adds all quarter hours in which a respondent heard a station, such as stored ones; none adds nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A quarter hour is outside the day, or a number is negative or too large.</exception>
    public void Add(int respondent, int station, QuarterHours heard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(respondent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(respondent, MostRespondents);
        ArgumentOutOfRangeException.ThrowIfNegative(station);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(station, MostStations);
        if (!(heard & ~_day.Whole).IsEmpty)
            throw new ArgumentOutOfRangeException(nameof(heard), heard, "A quarter hour lies outside the day.");
        if (heard.IsEmpty)
            return;

        var pair = ((ulong)respondent << StationBits) | (uint)station;
        if (_count > 0 && _pairs[_count - 1] == pair)
        {
            _heard[_count - 1] |= heard;
            return;
        }

        if (_count == _pairs.Length)
            MakeRoom();
        _ordered &= _count == 0 || pair > _pairs[_count - 1];
        (_pairs[_count], _heard[_count]) = (pair, heard);
        _count++;
    }

    /// <summary>The listening of <paramref name="respondents"/> people to <paramref name="stations"/> stations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row names a respondent or a station beyond these numbers.</exception>
    public Listening Build(int respondents, int stations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(respondents);
        ArgumentOutOfRangeException.ThrowIfNegative(stations);
        Join();
        var (first, station) = (new int[respondents + 1], new int[_count]);
        for (var at = 0; at < _count; at++)
        {
            station[at] = (int)(_pairs[at] & (MostStations - 1));
            var respondent = (int)(_pairs[at] >> StationBits);
            if (respondent >= respondents)
                throw new ArgumentOutOfRangeException(nameof(respondents), respondents, $"A row names respondent {respondent}.");
            if (station[at] >= stations)
                throw new ArgumentOutOfRangeException(nameof(stations), stations, $"A row names station {station[at]}.");
            first[respondent + 1]++;
        }

        for (var respondent = 0; respondent < respondents; respondent++)
            first[respondent + 1] += first[respondent];
        return new(_day, stations, first, station, _heard.AsSpan(0, _count).ToArray());
    }

    private void MakeRoom()
    {
        Join();
        if (_count <= _pairs.Length / 2)
            return;
        Array.Resize(ref _pairs, _pairs.Length * 2);
        Array.Resize(ref _heard, _heard.Length * 2);
    }

    private void Join()
    {
        if (_ordered)
            return;

        Array.Sort(_pairs, _heard, 0, _count);
        var last = 0;
        for (var at = 1; at < _count; at++)
        {
            if (_pairs[at] == _pairs[last])
            {
                _heard[last] |= _heard[at];
                continue;
            }

            last++;
            (_pairs[last], _heard[last]) = (_pairs[at], _heard[at]);
        }

        _count = last + 1;
        _ordered = true;
    }
}
