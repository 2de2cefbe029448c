namespace Relais.Audience.Numerics.Radio;

/// <summary>Why a figure is not published.</summary>
public enum Suppression
{
    /// <summary>The target has fewer interviews than the rule asks for.</summary>
    TooFewInterviews,

    /// <summary>The row has fewer listeners among the interviews than the rule asks for.</summary>
    TooFewListeners,
}

/// <summary>A row as it may be shown: its indicators, or why there are none.</summary>
public abstract record Publication
{
    private Publication()
    {
    }

    /// <summary>The rule is met.</summary>
    public sealed record Shown(Indicators Indicators) : Publication;

    /// <summary>The rule is not met. The figures are not here, so nothing can show them by mistake.</summary>
    /// <param name="Reason">Which part of the rule.</param>
    /// <param name="Wanted">How many it asks for.</param>
    public sealed record Withheld(Suppression Reason, int Wanted) : Publication;
}

/// <summary>From how many interviews on figures are published; 0 asks for none. Institutes differ: the French reference publishes a zone from 500.</summary>
/// <remarks>
/// It looks at one row at a time. Where one of a few rows that add up is withheld, the reader can still subtract; choose targets and groups accordingly.
/// </remarks>
/// <param name="Interviews">In the target.</param>
/// <param name="Listeners">Among them of the row.</param>
public sealed record PublicationRule(int Interviews = 0, int Listeners = 0)
{
    public Publication Apply(Indicators indicators) => indicators switch
    {
        _ when indicators.Interviews < Interviews => new Publication.Withheld(Suppression.TooFewInterviews, Interviews),
        _ when indicators.Listeners < Listeners => new Publication.Withheld(Suppression.TooFewListeners, Listeners),
        _ => new Publication.Shown(indicators),
    };
}
