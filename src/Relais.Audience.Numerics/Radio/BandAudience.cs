using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>One respondent's listening to one row in a band: de-duplicated quarter hours, and quarter hours summed over the row's stations.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Heard(int Row, int QuarterHours, int Volume);

/// <summary>
/// Walks through a sample and tells, for each respondent and a band, the rows heard. It holds scratch space, so each thread has its own.
/// </summary>
internal sealed class BandAudience
{
    private readonly Listening _listening;
    private readonly int[][] _groupsOf;
    private readonly int _firstStation;
    private readonly QuarterHours[] _groupHeard;
    private readonly int[] _groupVolume;
    private readonly int[] _touched;
    private Heard[] _heard = new Heard[16];

    public BandAudience(Listening listening, int[][] groupsOf, int groups)
    {
        (_listening, _groupsOf, _firstStation) = (listening, groupsOf, 1 + groups);
        _groupHeard = new QuarterHours[groups];
        _groupVolume = new int[groups];
        _touched = new int[groups];
    }

    /// <summary>For each station the groups that it is in.</summary>
    /// <exception cref="ArgumentException">A group names a station that the listening does not have.</exception>
    public static int[][] GroupsOf(Listening listening, IReadOnlyList<StationGroup> groups)
    {
        var of = new List<int>[listening.Stations];
        for (var group = 0; group < groups.Count; group++)
        {
            foreach (var station in groups[group].Stations.Distinct())
            {
                if ((uint)station >= (uint)of.Length)
                    throw new ArgumentException($"Group '{groups[group].Name}' names station {station}, and there are {of.Length}.", nameof(groups));
                (of[station] ??= []).Add(group);
            }
        }

        return Array.ConvertAll(of, static list => list is null ? [] : list.ToArray());
    }

    /// <summary>The rows that a respondent heard in a band, and the volume over all stations. The span holds until the next call.</summary>
    public ReadOnlySpan<Heard> Of(int respondent, QuarterHours band, out int totalVolume)
    {
        var stations = _listening.StationsOf(respondent);
        var heardBy = _listening.HeardBy(respondent);
        if (_heard.Length < stations.Length + _groupHeard.Length + 1)
            _heard = new Heard[stations.Length * 2 + _groupHeard.Length + 1];

        var (found, touched, total) = (0, 0, default(QuarterHours));
        totalVolume = 0;
        for (var i = 0; i < stations.Length; i++)
        {
            var heard = heardBy[i] & band;
            if (heard.IsEmpty)
                continue;

            var count = heard.Count;
            totalVolume += count;
            total |= heard;
            _heard[found++] = new(_firstStation + stations[i], count, count);
            foreach (var group in _groupsOf[stations[i]])
            {
                if (_groupVolume[group] == 0)
                    _touched[touched++] = group;
                _groupHeard[group] |= heard;
                _groupVolume[group] += count;
            }
        }

        foreach (var group in _touched.AsSpan(0, touched))
        {
            _heard[found++] = new(1 + group, _groupHeard[group].Count, _groupVolume[group]);
            _groupHeard[group] = default;
            _groupVolume[group] = 0;
        }

        if (totalVolume > 0)
            _heard[found++] = new(0, total.Count, totalVolume);
        return _heard.AsSpan(0, found);
    }
}
