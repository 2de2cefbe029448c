using System.Globalization;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Verbs;

namespace Relais.Audience.Indicators;

/// <summary>Listening as read: a row a respondent, station and quarter hour, in any order.</summary>
internal static class ListeningFile
{
    /// <summary>The listening, and the stations' names by number.</summary>
    public static (Listening Listening, IReadOnlyList<string> Stations) Read(
        string path, VerbArguments arguments, BroadcastDay day, Identifiers respondents, GroupsFile groups, TextWriter error, CancellationToken cancel)
    {
        using var table = CsvTable.Open(path, arguments.DecimalComma(), new Progress(error, TimeProvider.System, $"reading {path}"));
        var (id, station, quarterHour) = (table.Column(arguments.Optional("id") ?? "id"), table.Column("station"), table.Column("qh"));
        var (rows, stations) = (new ListeningRows(day), new LevelCodes(groups.Stations ?? []));
        foreach (var row in table)
        {
            if ((table.Rows & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            var respondent = respondents.Find(row.Required(id));
            if (respondent < 0)
                throw row.Bad(id, $"there is no respondent {row.Text(id)}", "Give the respondents' file that belongs to this listening, or remove the rows of people who were removed.");
            var heard = row.Required(station);
            var code = groups.Stations is null ? stations.Code(heard) : stations.Find(heard);
            if (code < 0)
                throw row.Bad(station, $"the station {heard} is not in the list of stations", "Correct it, or add it to \"stations\" in the file of groups.");
            rows.Add(respondent, code, QuarterHour(row, quarterHour, day));
        }

        if (stations.Levels.FirstOrDefault(name => name == IndicatorsFile.TotalRadio || groups.Groups.Any(group => group.Name == name)) is { } taken)
            throw new BadFileException(path, null, "station", $"the name {taken} is that of a group or of total radio", "Rename the station or the group.");
        return (rows.Build(respondents.Count, stations.Levels.Count), stations.Levels);
    }

    private static int QuarterHour(CsvRow row, int column, BroadcastDay day)
    {
        var text = row.Required(column);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quarterHour))
            throw row.Bad(column, $"\"{text}\" is not the number of a quarter hour", string.Create(CultureInfo.InvariantCulture, $"Write 0 for the one that begins at {day.ClockAt(0)}, and so on to {day.Length - 1}."));
        return day.Contains(quarterHour) ? quarterHour : throw row.Bad(column, string.Create(CultureInfo.InvariantCulture, $"the quarter hour {quarterHour} is outside the day"), string.Create(CultureInfo.InvariantCulture,
            $"The day has 0 to {day.Length - 1}, from {day.ClockAt(0)} to {day.ClockAt(day.Length)}; another one is given by --day."));
    }
}
