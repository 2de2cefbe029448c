using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Portal.Kit;

namespace Relais.Desktops.Usage;

/// <summary>Figures of the report in words of the reader.</summary>
internal static class UsageWords
{
    private const double MiBPerGiB = 1024;

    public static string GiB(double mebibytes) => $"{(mebibytes / MiBPerGiB).ToString("#,0.#", CultureInfo.CurrentCulture)} {(IsFrench ? "Gio" : "GiB")}";

    public static string MiB(long mebibytes) => $"{mebibytes.ToString("#,0", CultureInfo.CurrentCulture)} {(IsFrench ? "Mio" : "MiB")}";

    public static string Hours(double hours) => $"{Math.Round(hours).ToString("#,0", CultureInfo.CurrentCulture)} h";

    public static string Share(double share) => share.ToString("P0", CultureInfo.CurrentCulture);

    public static string Money(double amount, string currency) => $"{amount.ToString("#,0.00", CultureInfo.CurrentCulture)} {currency}";

    public static StateKind KindOf(Verdict verdict) => verdict switch
    {
        Verdict.Fits => StateKind.Good,
        Verdict.Unused => StateKind.Warning,
        Verdict.TooLarge => StateKind.Warning,
        Verdict.TooSmall => StateKind.Bad,
        Verdict.TooLittleSeen => StateKind.Neutral,
        Verdict.Archived => StateKind.Idle,
        Verdict.Gone => StateKind.Neutral,
    };

    /// <summary>When the most is wanted, and how much.</summary>
    /// <param name="when">"Tonight" or "Tomorrow".</param>
    public static string Peak(IStringLocalizer text, string when, Peak desktops, Peak memory) => text[
        $"{when}.Peak", desktops.Hour, Whole(desktops.Value), Whole(desktops.Low), Whole(desktops.High), GiB(memory.Value), GiB(memory.Low), GiB(memory.High)];

    /// <summary>Whether what is promised at the most finds room.</summary>
    public static (StateKind State, string Words) Room(IStringLocalizer text, Peak memory, long budgetMiB, long desktopMiB)
    {
        if (budgetMiB <= 0)
            return (StateKind.Neutral, text["Room.Unknown"]);
        var lacks = memory.Value - budgetMiB;
        if (lacks > 0)
            return (StateKind.Bad, desktopMiB > 0 ? text["Room.Lacks", GiB(budgetMiB), GiB(lacks), Whole(Math.Ceiling(lacks / desktopMiB))] : text["Room.LacksMemory", GiB(budgetMiB), GiB(lacks)]);
        return memory.High > budgetMiB
            ? (StateKind.Warning, text["Room.Tight", GiB(budgetMiB), GiB(memory.High - budgetMiB)])
            : (StateKind.Good, text["Room.Enough", GiB(budgetMiB), GiB(-lacks)]);
    }

    private static bool IsFrench => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr";

    public static string Whole(double value) => Math.Round(value).ToString("#,0", CultureInfo.CurrentCulture);
}
