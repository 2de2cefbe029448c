using Relais.Audience.Numerics.Radio;
using Relais.Audience.Studies;
using Relais.Audience.Waves;

namespace Relais.Audience.Figures;

/// <summary>An estimate with its standard error and its interval at 95 %, in one unit.</summary>
internal sealed record Estimate(double Value, double Se, double Low, double High)
{
    public static Estimate Percentage(double value, double se, int interviews)
    {
        var interval = ConfidenceInterval.Percentage(value, se, interviews);
        return new Estimate(value, se, interval.Low, interval.High);
    }

    public static Estimate Amount(double value, double se)
    {
        var interval = ConfidenceInterval.Normal(value, se);
        return new Estimate(value, se, Math.Max(0, interval.Low), interval.High);
    }
}

/// <summary>What may be shown of a row that meets the study's rule.</summary>
internal sealed record ShownValues(Estimate Ac, Estimate AcPct, Estimate Qhm, Estimate QhmPct, Estimate Dea, Estimate Pda, double Volume, double Universe)
{
    public Estimate Of(Measure measure) => measure switch
    {
        Measure.Ac => Ac,
        Measure.AcPct => AcPct,
        Measure.Qhm => Qhm,
        Measure.QhmPct => QhmPct,
        Measure.Dea => Dea,
        Measure.Pda => Pda,
    };
}

/// <summary>What is measured; names are those of the trade in French.</summary>
internal enum Measure
{
    AcPct,
    Ac,
    QhmPct,
    Qhm,
    Dea,
    Pda,
}

/// <summary>A row as pages, exports and programs get it. Where the rule withholds the figures they are not here, so nothing can show them by mistake.</summary>
/// <param name="Name">As people read it.</param>
internal sealed record ShownFigure(
    string Target, string Band, string Station, string Name, RowKind Kind, int Interviews, int Listeners, ShownValues? Values, Suppression? Withheld)
{
    public static ShownFigure Of(Figure f, ShownWave shown)
    {
        var withheld = WithheldBy(shown.Settings.Study.Publication, f.Interviews, f.Listeners);
        var values = withheld is not null ? null : new ShownValues(
            Estimate.Amount(f.Ac, f.AcSe), Estimate.Percentage(f.AcPct, f.AcPctSe, f.Interviews), Estimate.Amount(f.Qhm, f.QhmSe),
            Estimate.Percentage(f.QhmPct, f.QhmPctSe, f.Interviews), Estimate.Amount(f.Dea, f.DeaSe), Share(f),
            f.Volume, f.Universe);
        return new ShownFigure(f.Target, f.Band, f.Station, shown.NameOf(f.Station), f.Kind, f.Interviews, withheld is Suppression.TooFewListeners ? 0 : f.Listeners, values, withheld);
    }

    // All stations together are all of the volume, whatever the sample.
    private static Estimate Share(Figure f) =>
        f.Kind == RowKind.TotalRadio ? new Estimate(f.Pda, 0, f.Pda, f.Pda) : Estimate.Percentage(f.Pda, f.PdaSe, f.Listeners);

    public static Suppression? WithheldBy(PublicationSetting rule, int interviews, int listeners) =>
        interviews < rule.Interviews ? Suppression.TooFewInterviews : listeners < rule.Listeners ? Suppression.TooFewListeners : null;
}
