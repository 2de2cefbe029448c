using System.Text.Json.Serialization;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Studies;

/// <summary>What a study asks and how its figures are made. Kept as one document a version; a run copies the version that it used.</summary>
internal sealed record StudySettings(
    SurveyColumns Columns, DaySetting Day, IReadOnlyList<StationSetting> Stations, IReadOnlyList<GroupSetting> Groups,
    IReadOnlyList<BandSetting> Bands, IReadOnlyList<TargetSetting> Targets, SchemeSetting Scheme, PublicationSetting Publication)
{
    public static readonly StudySettings New = new(
        new SurveyColumns("id", null, null), new DaySetting(BroadcastDay.French.StartMinutes, BroadcastDay.French.Length), [], [],
        [new BandSetting("0500-2400", "Journée")], [new TargetSetting("Ensemble", "all")],
        new SchemeSetting(CalibrationMethod.Raking, null, null, 1e-10), new PublicationSetting(100, 15));

    /// <summary>The groups that are asked for by name, then one for each network.</summary>
    [JsonIgnore]
    public IReadOnlyList<GroupSetting> AllGroups =>
    [
        .. Groups,
        .. Stations.Where(s => s.Network.Length > 0).GroupBy(s => s.Network, StringComparer.Ordinal)
            .Where(n => Groups.All(g => g.Name != n.Key)).Select(n => new GroupSetting(n.Key, [.. n.Select(s => s.Code)])),
    ];
}

/// <param name="Weight">Column of the design weight; null when everybody starts with the same one.</param>
/// <param name="Strata">Column of the design's strata; null for one stratum.</param>
/// <param name="Cluster">Column of the primary sampling units, within strata; null when everybody is one.</param>
internal sealed record SurveyColumns(string Id, string? Weight, string? Strata, string? Cluster = null);

internal sealed record DaySetting(int StartMinutes, int QuarterHours)
{
    [JsonIgnore]
    public BroadcastDay Day => new(StartMinutes, QuarterHours);
}

/// <param name="Code">As the listening file writes it.</param>
/// <param name="Network">Empty: none.</param>
internal sealed record StationSetting(string Code, string Name, string Network);

internal sealed record GroupSetting(string Name, IReadOnlyList<string> Stations);

/// <param name="Text">Such as 0600-0900.</param>
internal sealed record BandSetting(string Text, string Label);

internal sealed record TargetSetting(string Name, string Expression);

/// <param name="Lower">Lower bound of the ratio of weights, with <paramref name="Upper"/>, for methods that have bounds.</param>
internal sealed record SchemeSetting(
    [property: JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))] CalibrationMethod Method, double? Lower, double? Upper, double Tolerance)
{
    [JsonIgnore]
    public bool HasBounds => Method is CalibrationMethod.Logit or CalibrationMethod.Truncated;
}

/// <summary>From how many interviews in the target, and listeners among them, figures are shown.</summary>
internal sealed record PublicationSetting(int Interviews, int Listeners);
