using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Respondents that figures are asked for: a target group, a zone, a type of day, or all of these at once.</summary>
/// <param name="Name">What the target is called in results.</param>
/// <param name="Mask">Who belongs to it. Others stay in the design: their number counts in the variance of a target.</param>
public sealed record Target(string Name, RespondentMask Mask)
{
    /// <summary>Everybody, under the name <c>all</c>.</summary>
    public static Target All(int respondents) => new("all", RespondentMask.All(respondents));
}

/// <summary>Stations counted together: a person is counted once, and once a quarter hour; volumes are summed for the share.</summary>
/// <param name="Name">What the group is called in results.</param>
/// <param name="Stations">Its stations by number; one named twice counts once.</param>
public sealed record StationGroup(string Name, IReadOnlyList<int> Stations);

/// <summary>The table that is asked for: every target, in every band, for total radio, every group and every station.</summary>
public sealed record IndicatorRequest(IReadOnlyList<Target> Targets, IReadOnlyList<Band> Bands, IReadOnlyList<StationGroup> Groups);
