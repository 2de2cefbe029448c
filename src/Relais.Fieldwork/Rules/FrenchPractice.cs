namespace Relais.Fieldwork.Rules;

/// <summary>Whether rules stay inside what is safe in France: the hours of décret 2022-1313 for prospecting calls, which surveys keep to by themselves.</summary>
internal static class FrenchPractice
{
    private static readonly CallRules Safe = new();

    /// <summary>Codes of "Rules.Beyond.CODE" of the texts: where the rules go beyond.</summary>
    public static IEnumerable<string> Beyond(CallRules rules)
    {
        if (rules.Hours.Any(h => h.Days.Any(d => !Safe.Hours.Any(s => s.Days.Contains(d) && s.From <= h.From && h.Until <= s.Until))))
            yield return "hours";
        if (rules.Holidays != "fr")
            yield return "holidays";
        if (rules.MostCallsIn30Days == 0 || rules.MostCallsIn30Days > Safe.MostCallsIn30Days)
            yield return "calls";
        if (rules.NuisanceHours < Safe.NuisanceHours)
            yield return "nuisance";
    }
}
