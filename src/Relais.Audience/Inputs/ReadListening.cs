using System.Globalization;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Studies;

namespace Relais.Audience.Inputs;

/// <summary>Reads and checks a file of listening: id, station, qh, a row for each quarter hour that a respondent heard a station.</summary>
internal static class ReadListening
{
    private const string Station = "station";
    private const string QuarterHour = "qh";

    /// <returns>The listening, and how many rows it had; null when the faults say that it can't be used.</returns>
    public static (Listening Listening, long Rows)? From(Func<Stream> open, StudySettings study, Respondents respondents, ImportFaults faults, CancellationToken cancel)
    {
        using var table = CsvTable.Open(new TableSource("", open), faults);
        if (table is null)
            return null;
        var (id, station, quarter) = (table.Column(study.Columns.Id), table.Column(Station), table.Column(QuarterHour));
        if (faults.Count > 0)
            return null;
        var stations = Places(study.Stations);
        var lookup = stations.GetAlternateLookup<ReadOnlySpan<char>>();
        var day = study.Day.Day;
        var rows = new ListeningRows(day);
        foreach (var row in table)
        {
            if (table.Rows % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            var known = respondents.TryPlace(row.Answer(id), out var respondent);
            if (!known)
                faults.Add(row.Line, table.Columns[id], "id-unknown", row.Answer(id).ToString());
            if (!lookup.TryGetValue(row.Answer(station), out var heard))
                faults.Add(row.Line, Station, "station-unknown", row.Answer(station).ToString());
            else if (!int.TryParse(row.Answer(quarter), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) || !day.Contains(at))
                faults.Add(row.Line, QuarterHour, "quarter-hour", row.Answer(quarter).ToString(), $"{day.Length - 1}", day.ClockAt(0), day.ClockAt(day.Length));
            else if (known)
                rows.Add(respondent, heard, at);
        }

        return faults.Count > 0 ? null : (rows.Build(respondents.Count, study.Stations.Count), table.Rows);
    }

    private static Dictionary<string, int> Places(IReadOnlyList<StationSetting> stations)
    {
        var places = new Dictionary<string, int>(stations.Count, StringComparer.Ordinal);
        foreach (var station in stations)
            places[station.Code] = places.Count;
        return places;
    }
}
