using System.Globalization;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Studies;

/// <summary>What a form says of a study. Lists are texts of one entry a line, as they are pasted from a spreadsheet.</summary>
internal sealed record StudyFields(
    string? Name, string? IdColumn, string? WeightColumn, string? StrataColumn, string? DayStart, int? DayQuarterHours,
    string? Stations, string? Groups, string? Bands, string? Targets, string? Method, string? Lower, string? Upper, string? Tolerance, int? MinInterviews, int? MinListeners, string? ClusterColumn = null);

/// <summary>What is wrong with a field; in a list, on which line.</summary>
internal sealed record SettingFault(string Field, string Code, int? Line = null, string? Named = null)
{
    /// <summary>What the words name besides.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}

/// <summary>Reads a study's form, and writes settings as its fields.</summary>
internal static class ReadSettings
{
    private const int MostStations = 500;

    public static StudySettings? From(StudyFields fields, List<SettingFault> faults)
    {
        var day = Day(fields, faults);
        var stations = Stations(fields.Stations, faults);
        var groups = Groups(fields.Groups, stations, faults);
        var bands = Bands(fields.Bands, day, faults);
        var targets = Targets(fields.Targets, faults);
        var scheme = Scheme(fields, faults);
        var columns = new SurveyColumns(Filled(fields.IdColumn) ?? "id", Filled(fields.WeightColumn), Filled(fields.StrataColumn), Filled(fields.ClusterColumn));
        var publication = new PublicationSetting(Math.Max(0, fields.MinInterviews ?? 0), Math.Max(0, fields.MinListeners ?? 0));
        return faults.Count > 0 ? null : new StudySettings(columns, day, stations, groups, bands, targets, scheme, publication);
    }

    public static StudyFields Write(string name, StudySettings s) => new(
        name, s.Columns.Id, s.Columns.Weight, s.Columns.Strata, $"{s.Day.StartMinutes / 60:00}:{s.Day.StartMinutes % 60:00}", s.Day.QuarterHours,
        string.Join('\n', s.Stations.Select(t => t.Network.Length > 0 ? $"{t.Code}; {t.Name}; {t.Network}" : $"{t.Code}; {t.Name}")),
        string.Join('\n', s.Groups.Select(g => $"{g.Name}: {string.Join(", ", g.Stations)}")),
        string.Join('\n', s.Bands.Select(b => $"{b.Text}; {b.Label}")),
        string.Join('\n', s.Targets.Select(t => $"{t.Name}: {t.Expression}")),
        s.Scheme.Method.ToString(), Number(s.Scheme.Lower), Number(s.Scheme.Upper), Number(s.Scheme.Tolerance), s.Publication.Interviews, s.Publication.Listeners, s.Columns.Cluster);

    private static DaySetting Day(StudyFields fields, List<SettingFault> faults)
    {
        var start = TimeOnly.TryParseExact(fields.DayStart, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Hour * 60 + time.Minute : -1;
        var day = new DaySetting(start, fields.DayQuarterHours ?? 0);
        if (day.Day.IsValid)
            return day;
        faults.Add(new SettingFault(nameof(StudyFields.DayStart), "day-start"));
        return StudySettings.New.Day;
    }

    private static List<StationSetting> Stations(string? text, List<SettingFault> faults)
    {
        var stations = new List<StationSetting>();
        foreach (var (line, number) in Lines(text))
        {
            var parts = line.Split([';', '\t'], StringSplitOptions.TrimEntries);
            if (parts.Length is < 2 or > 3 || parts[0].Length == 0 || parts[1].Length == 0)
                Add("station-line", line, number);
            else if (stations.Exists(s => s.Code == parts[0]))
                Add("station-twice", parts[0], number);
            else
                stations.Add(new StationSetting(parts[0], parts[1], parts.ElementAtOrDefault(2) ?? ""));
        }

        if (stations.Count is 0 or > MostStations && faults.TrueForAll(f => f.Field != nameof(StudyFields.Stations)))
            faults.Add(new SettingFault(nameof(StudyFields.Stations), stations.Count == 0 ? "stations-none" : "stations-many"));
        return stations;

        void Add(string code, string named, int line) => faults.Add(new SettingFault(nameof(StudyFields.Stations), code, line, named));
    }

    private static List<GroupSetting> Groups(string? text, List<StationSetting> stations, List<SettingFault> faults)
    {
        var groups = new List<GroupSetting>();
        foreach (var (line, number) in Lines(text))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var codes = colon < 1 ? [] : line[(colon + 1)..].Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (codes.Length == 0)
                Add("group-line", line, number);
            else if (codes.FirstOrDefault(c => !stations.Exists(s => s.Code == c)) is { } unknown)
                Add("group-station", unknown, number);
            else if (groups.Exists(g => g.Name == line[..colon].Trim()) || stations.Exists(s => s.Code == line[..colon].Trim()))
                Add("group-twice", line[..colon].Trim(), number);
            else
                groups.Add(new GroupSetting(line[..colon].Trim(), codes));
        }

        return groups;

        void Add(string code, string named, int line) => faults.Add(new SettingFault(nameof(StudyFields.Groups), code, line, named));
    }

    private static List<BandSetting> Bands(string? text, DaySetting day, List<SettingFault> faults)
    {
        var bands = new List<BandSetting>();
        foreach (var (line, number) in Lines(text))
        {
            var parts = line.Split(';', 2, StringSplitOptions.TrimEntries);
            if (Band.TryParse(parts[0], day.Day, out _) is null || bands.Exists(b => b.Text == parts[0]))
                faults.Add(new SettingFault(nameof(StudyFields.Bands), "band-line", number, parts[0]));
            else
                bands.Add(new BandSetting(parts[0], parts.Length > 1 ? parts[1] : ""));
        }

        if (bands.Count == 0 && faults.TrueForAll(f => f.Field != nameof(StudyFields.Bands)))
            faults.Add(new SettingFault(nameof(StudyFields.Bands), "bands-none"));
        return bands;
    }

    private static List<TargetSetting> Targets(string? text, List<SettingFault> faults)
    {
        var targets = new List<TargetSetting>();
        foreach (var (line, number) in Lines(text))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line[(colon + 1)..].Trim().Length == 0 || targets.Exists(t => t.Name == line[..colon].Trim()))
                faults.Add(new SettingFault(nameof(StudyFields.Targets), "target-line", number, line));
            else if (TargetExpression.Check(line[(colon + 1)..]) is { } error)
                faults.Add(CheckTargets.Fault(line, number, error));
            else
                targets.Add(new TargetSetting(line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }

        if (targets.Count == 0 && faults.TrueForAll(f => f.Field != nameof(StudyFields.Targets)))
            faults.Add(new SettingFault(nameof(StudyFields.Targets), "targets-none"));
        return targets;
    }

    private static SchemeSetting Scheme(StudyFields fields, List<SettingFault> faults)
    {
        if (!Enum.TryParse<CalibrationMethod>(fields.Method, out var method) || !Enum.IsDefined(method))
            faults.Add(new SettingFault(nameof(StudyFields.Method), "method"));
        var tolerance = Parsed(fields.Tolerance) ?? StudySettings.New.Scheme.Tolerance;
        if (tolerance is not (> 0 and < 1))
            faults.Add(new SettingFault(nameof(StudyFields.Tolerance), "tolerance"));
        var scheme = new SchemeSetting(method, Parsed(fields.Lower), Parsed(fields.Upper), tolerance);
        if (!scheme.HasBounds)
            return scheme with { Lower = null, Upper = null };
        if (scheme.Lower is not (>= 0 and < 1) || scheme.Upper is not > 1)
            faults.Add(new SettingFault(nameof(StudyFields.Lower), "bounds"));
        return scheme;
    }

    public static IEnumerable<(string Line, int Number)> Lines(string? text) =>
        (text ?? "").ReplaceLineEndings("\n").Split('\n').Select((line, at) => (line.Trim(), at + 1)).Where(l => l.Item1.Length > 0);

    // People write a decimal comma here, and it can't mean anything else.
    private static double? Parsed(string? text) =>
        double.TryParse(text?.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Number(double? number) => number?.ToString("R", CultureInfo.CurrentCulture);

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
