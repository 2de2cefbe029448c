using Microsoft.Extensions.Localization;

namespace Relais.Fieldwork.Productivity;

/// <summary>What a comparison says, in words: nothing where the counts are too small to say anything.</summary>
internal static class FairWords
{
    public static string Say(EventRatio fair, IStringLocalizer text)
    {
        if (fair.Expected < EventRatio.Fewest || fair.Interval(EventRatio.Usual) is not { } interval || fair.Ratio is not { } ratio)
            return text["Fair.Few"];
        var words = fair.Verdict switch { > 0 => "Fair.Above", < 0 => "Fair.Below", _ => "Fair.Alike" };
        return text[words, ratio.ToString("N2", System.Globalization.CultureInfo.CurrentCulture), interval.Low.ToString("N2", System.Globalization.CultureInfo.CurrentCulture), interval.High.ToString("N2", System.Globalization.CultureInfo.CurrentCulture)];
    }
}
