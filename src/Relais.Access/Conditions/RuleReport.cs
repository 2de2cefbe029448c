namespace Relais.Access.Conditions;

/// <summary>Rules as programs read them, by the command line and by HTTP.</summary>
internal static class RuleReport
{
    public sealed record Rule(
        Guid Id, int Position, string Name, bool Enabled, IReadOnlyList<string> Roles, IReadOnlyList<Guid> Groups, IReadOnlyList<string> Networks,
        IReadOnlyList<string> Countries, bool Elsewhere, IReadOnlyList<string> Devices, IReadOnlyList<string> Targets, IReadOnlyList<string> Days,
        string? From, string? To, string Decision, int? ProofHours, string Words);

    public sealed record All(IReadOnlyList<Rule> Rules, string Default, string? CountryFile, int CountryRanges);

    public sealed record Saved(Guid Id);

    public sealed record Step(int Position, string Name, string Mismatch);

    /// <param name="Rule">Its position, or null for what comes after the last rule.</param>
    public sealed record Tried(
        string Person, string Decision, int? ProofHours, int? Rule, string? Name, string? Country, DateTime At, bool HasSecondFactor, IReadOnlyList<Step> Rules);

    public static async Task<All> ListAsync(EditRules edit, CancellationToken cancel)
    {
        var setting = await edit.SettingAsync(cancel);
        return new All(
            [.. (await edit.ListAsync(cancel)).Select(Of)], setting.Default.ToString(), setting.Countries is null ? null : setting.CountriesName, setting.CountryRanges);
    }

    public static Tried Of(TrialResult result) => new(
        result.Person.UserName ?? "", result.Verdict.Decision.ToString(), result.Verdict.ProofHours, result.Verdict.Rule?.Position, result.Verdict.Rule?.Name,
        result.Country, result.Local, result.HasFactor, [.. result.Rules.Select(r => new Step(r.Rule.Position, r.Rule.Name, r.Why.ToString()))]);

    private static Rule Of(AccessRule rule) => new(
        rule.Id, rule.Position, rule.Name, rule.Enabled, rule.Roles, rule.Groups, rule.Networks, rule.Countries, rule.Elsewhere, RuleFields.Names(rule.Devices),
        RuleFields.Names(rule.Targets), RuleFields.Names(rule.Days), RuleFields.Write(rule.From), RuleFields.Write(rule.To), rule.Decision.ToString(),
        rule.ProofHours, rule.Words);
}
