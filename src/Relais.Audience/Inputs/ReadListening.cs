using System.Globalization;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Studies;

namespace Relais.Audience.Inputs;

/// <summary>Reads and checks a file of listening: id, station, qh, a row for each quarter hour that a respondent heard a station.</summary>
internal static class ReadListening
{
    private const string Station = "station";
    private const string QuarterHour = "qh";

    /// <returns>Null when the faults say that it can't be used.</returns>
    public static Listening? From(Func<Stream> open, StudySettings study, Respondents respondents, ImportFaults faults, CancellationToken cancel)
    {
        using var file = SurveyFile.Open(open, faults);
        if (file is null)
            return null;
        var (id, station, quarter) = (file.Column(study.Columns.Id), file.Column(Station), file.Column(QuarterHour));
        if (faults.Count > 0)
            return null;
        var stations = Places(study.Stations);
        var lookup = stations.GetAlternateLookup<ReadOnlySpan<char>>();
        var day = study.Day.Day;
        var rows = new ListeningRows(day);
        while (file.Next())
        {
            if (file.Rows % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            var known = respondents.TryPlace(file.Text(id), out var respondent);
            if (!known)
                faults.Add(file.Line, file.Columns[id], "id-unknown", file.Text(id).ToString());
            if (!lookup.TryGetValue(file.Text(station), out var heard))
                faults.Add(file.Line, Station, "station-unknown", file.Text(station).ToString());
            else if (!int.TryParse(file.Text(quarter), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) || !day.Contains(at))
                faults.Add(file.Line, QuarterHour, "quarter-hour", file.Text(quarter).ToString(), $"{day.Length - 1}", day.ClockAt(0), day.ClockAt(day.Length));
            else if (known)
                rows.Add(respondent, heard, at);
        }

        return faults.Count > 0 ? null : rows.Build(respondents.Count, study.Stations.Count);
    }

    private static Dictionary<string, int> Places(IReadOnlyList<StationSetting> stations)
    {
        var places = new Dictionary<string, int>(stations.Count, StringComparer.Ordinal);
        foreach (var station in stations)
            places[station.Code] = places.Count;
        return places;
    }
}
