using System.Text;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Gateway.Fuzz;

/// <summary>What a researcher types: expressions of target groups, and bands of the day.</summary>
internal static class AudienceTargets
{
    private static readonly Variable[] Variables =
    [
        Variable.FromTexts("sex", ["F", "H", "F", "", "H"]),
        Variable.FromTexts("age", ["13", "24", "35.5", "70", ""]),
        Variable.FromTexts("type of day", ["LV", "S", "D", "LV", "l'autre"]),
    ];

    public static int Expression(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var mask = TargetExpression.Compile(text, Variables, 5, out var error);
        Targets.Promise(mask is null == error is not null, "respondents or an error");
        if (mask is null)
        {
            Targets.Promise(error?.Position >= 1 && error.Position <= text.Length + 1, "the place is in the text");
            return HashCode.Combine(error?.Kind, error?.Position / 4);
        }

        if (TargetExpression.Compile($"not ({text})", Variables, 5, out var deeper) is { } others)
            Targets.Promise(others.Count == 5 - mask.Count && others.And(mask).Count == 0, "not is everybody else");
        else
            Targets.Promise(deeper?.Kind == TargetErrorKind.TooDeep, "what holds can be turned round");
        return HashCode.Combine(mask[0], mask[1], mask[2], mask[3], mask[4], text.Length / 8);
    }

    public static int Bands(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var day = new BroadcastDay(bytes.Length % 96 * BroadcastDay.Minutes, 1 + bytes.Length % 96);
        var band = Band.TryParse(text, day, out var error);
        Targets.Promise(band is null == error is not null, "a band or an error");
        if (band is null)
            return HashCode.Combine(error?.Length);
        Targets.Promise(!band.QuarterHours.IsEmpty && (band.QuarterHours & ~day.Whole).IsEmpty, "a band is some part of the day");
        return band.QuarterHours.Count;
    }
}
