using System.Globalization;
using Relais.Access.Contracts;

namespace Relais.Access.Conditions;

/// <summary>What is wrong with a field of a rule.</summary>
/// <param name="Code">The words are under "Fault." in ConditionsTexts.</param>
/// <param name="Value">What the words mention.</param>
internal sealed record RuleFault(string Field, string Code, string Value = "");

/// <summary>A rule as it is typed.</summary>
internal sealed record RuleFields(
    string? Name, IReadOnlyList<string>? Roles, IReadOnlyList<string>? Groups, string? Networks, string? Countries, bool Elsewhere,
    IReadOnlyList<string>? Devices, IReadOnlyList<string>? Targets, IReadOnlyList<string>? Days, string? From, string? To,
    string? Decision, string? ProofHours, string? Words, bool Enabled = true)
{
    private static readonly char[] Between = [' ', ',', ';', '\r', '\n', '\t'];

    public static RuleFields Of(AccessRule rule) => new(
        rule.Name, rule.Roles, [.. rule.Groups.Select(g => g.ToString())], string.Join('\n', rule.Networks), string.Join(' ', rule.Countries), rule.Elsewhere,
        Names(rule.Devices), Names(rule.Targets), Names(rule.Days), Write(rule.From), Write(rule.To), rule.Decision.ToString(),
        rule.ProofHours?.ToString(CultureInfo.InvariantCulture), rule.Words, rule.Enabled);

    public static IReadOnlyList<string> Names<T>(T flags)
        where T : struct, Enum =>
        [.. Enum.GetValues<T>().Where(f => Convert.ToInt32(f, CultureInfo.InvariantCulture) != 0 && flags.HasFlag(f)).Select(f => f.ToString())];

    public static string? Write(TimeOnly? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Writes them into the rule; where anything is wrong, the rule is as it was.</summary>
    public IReadOnlyList<RuleFault> WriteTo(AccessRule rule)
    {
        var faults = new List<RuleFault>();
        var name = (Name ?? "").Trim();
        if (name.Length is 0 or > AccessRule.NameLength || name.Any(char.IsControl))
            faults.Add(new RuleFault("Name", name.Length == 0 ? "empty" : "long", AccessRule.NameLength.ToString(CultureInfo.InvariantCulture)));
        var words = (Words ?? "").ReplaceLineEndings(" ").Trim();
        if (words.Length > AccessRule.WordsLength)
            faults.Add(new RuleFault("Words", "long", AccessRule.WordsLength.ToString(CultureInfo.InvariantCulture)));
        var networks = Split(Networks);
        CheckNetworks(networks, faults);
        var countries = Split(Countries?.ToUpperInvariant());
        if (Array.Find(countries, c => c.Length != 2 || !c.All(char.IsAsciiLetterUpper)) is { } strange)
            faults.Add(new RuleFault("Countries", "country", strange));
        var groups = new List<Guid>();
        foreach (var typed in Groups ?? [])
        {
            if (Guid.TryParse(typed, out var group))
                groups.Add(group);
            else
                faults.Add(new RuleFault("Groups", "group", typed));
        }

        if ((Roles ?? []).FirstOrDefault(r => !Contracts.Roles.All.Contains(r, StringComparer.Ordinal)) is { } role)
            faults.Add(new RuleFault("Roles", "role", role));
        var devices = Flags<DeviceStates>(Devices, "Devices", faults);
        var targets = Flags<AccessTarget>(Targets, "Targets", faults);
        var days = Flags<WeekDays>(Days, "Days", faults);
        var (from, to) = (Time(From, "From", faults), Time(To, "To", faults));
        if (string.IsNullOrWhiteSpace(From) != string.IsNullOrWhiteSpace(To))
            faults.Add(new RuleFault(string.IsNullOrWhiteSpace(From) ? "From" : "To", "both-hours"));
        if (!Enum.TryParse<RuleDecision>(Decision, out var decision) || !Enum.IsDefined(decision))
            faults.Add(new RuleFault("Decision", "decision"));
        var hours = Hours(faults);
        if (faults.Count > 0)
            return faults;

        (rule.Name, rule.Words, rule.Enabled) = (name, words, Enabled);
        (rule.Roles, rule.Groups) = ([.. (Roles ?? []).Distinct(StringComparer.Ordinal)], [.. groups.Distinct()]);
        (rule.Networks, rule.Countries, rule.Elsewhere) = (networks, countries, Elsewhere && networks.Length + countries.Length > 0);
        (rule.Devices, rule.Targets, rule.Days, rule.From, rule.To) = (devices, targets, days, from, to);
        (rule.Decision, rule.ProofHours) = (decision, decision == RuleDecision.AskSecondFactor ? hours : null);
        return [];
    }

    private static void CheckNetworks(string[] networks, List<RuleFault> faults)
    {
        if (networks.Length > AccessRule.MostEntries)
            faults.Add(new RuleFault("Networks", "many", AccessRule.MostEntries.ToString(CultureInfo.InvariantCulture)));
        foreach (var network in networks)
        {
            switch (NetworkRange.TryParse(network, out _, out var suggestion))
            {
                case NetworkFault.NotANetwork:
                    faults.Add(new RuleFault("Networks", "network", network));
                    return;
                case NetworkFault.HostBits:
                    faults.Add(new RuleFault("Networks", "network-bits", suggestion));
                    return;
                case NetworkFault.None:
                    break;
            }
        }
    }

    private int? Hours(List<RuleFault> faults)
    {
        if (string.IsNullOrWhiteSpace(ProofHours))
            return null;
        if (int.TryParse(ProofHours, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= AccessRule.LongestProofHours)
            return hours;
        faults.Add(new RuleFault("ProofHours", "hours", AccessRule.LongestProofHours.ToString(CultureInfo.InvariantCulture)));
        return null;
    }

    private static T Flags<T>(IReadOnlyList<string>? names, string field, List<RuleFault> faults)
        where T : struct, Enum
    {
        var value = 0;
        foreach (var name in names ?? [])
        {
            if (char.IsAsciiLetter(name.FirstOrDefault()) && Enum.TryParse<T>(name, out var flag) && Enum.IsDefined(flag))
                value |= Convert.ToInt32(flag, CultureInfo.InvariantCulture);
            else
                faults.Add(new RuleFault(field, "choice", name));
        }

        return (T)Enum.ToObject(typeof(T), value);
    }

    private static TimeOnly? Time(string? typed, string field, List<RuleFault> faults)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (TimeOnly.TryParseExact(typed.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        faults.Add(new RuleFault(field, "time", typed));
        return null;
    }

    private static string[] Split(string? text) =>
        [.. (text ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
