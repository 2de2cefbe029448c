using Microsoft.Extensions.Localization;

namespace Relais.Access.Conditions;

/// <summary>Rules as people read them.</summary>
internal static class RuleWords
{
    public static string In(this RuleFault fault, IStringLocalizer<ConditionsTexts> text) => text[$"Fault.{fault.Code}", fault.Value];

    public static string? Of(this IEnumerable<RuleFault> faults, string field, IStringLocalizer<ConditionsTexts> text) =>
        faults.FirstOrDefault(f => string.Equals(f.Field, field, StringComparison.Ordinal)) is { } fault ? fault.In(text) : null;

    public static string In(this CountryFault fault, IStringLocalizer<ConditionsTexts> text) => text[$"Country.{fault.Code}", fault.Value];

    public static string Who(AccessRule rule, IReadOnlyDictionary<Guid, string> groups, IStringLocalizer<ConditionsTexts> text, IStringLocalizer<AccessTexts> shared)
    {
        var named = rule.Groups.Select(g => groups.GetValueOrDefault(g) ?? text["Who.DeletedGroup"]).Concat(rule.Roles.Select(r => shared[$"Role.{r}"].Value)).ToList();
        return named.Count == 0 ? text["Who.Everybody"] : string.Join(", ", named);
    }

    public static string Where(AccessRule rule, IStringLocalizer<ConditionsTexts> text)
    {
        var named = string.Join(", ", rule.Networks.Concat(rule.Countries));
        return named.Length == 0 ? text["Where.Anywhere"] : rule.Elsewhere ? text["Where.Elsewhere", named] : named;
    }

    public static string When(AccessRule rule, IStringLocalizer<ConditionsTexts> text)
    {
        var days = rule.Days == WeekDays.None ? text["When.EveryDay"].Value : string.Join(", ", RuleFields.Names(rule.Days).Select(d => text[$"Day.{d}.Short"].Value));
        if (rule.From is null)
            return rule.Days == WeekDays.None ? text["When.Always"] : days;
        var next = rule.To <= rule.From ? text["When.NextDay"].Value : "";
        return $"{days}, {RuleFields.Write(rule.From)}–{RuleFields.Write(rule.To)}{next}";
    }

    public static string Device(AccessRule rule, IStringLocalizer<ConditionsTexts> text) =>
        rule.Devices == DeviceStates.None ? text["Device.Any"] : string.Join(", ", RuleFields.Names(rule.Devices).Select(d => text[$"Device.{d}"].Value));

    public static string What(AccessRule rule, IStringLocalizer<ConditionsTexts> text) =>
        rule.Targets == Contracts.AccessTarget.None ? text["What.Everything"] : string.Join(", ", RuleFields.Names(rule.Targets).Select(t => text[$"What.{t}"].Value));

    public static string Decision(RuleDecision decision, int? hours, IStringLocalizer<ConditionsTexts> text) =>
        hours is { } most ? text["Decision.AskSecondFactor.Hours", most] : text[$"Decision.{decision}"];
}
