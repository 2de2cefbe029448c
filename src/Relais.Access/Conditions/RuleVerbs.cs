using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Conditions;

/// <summary><c>relais access rules</c>: the way back in for whoever shut themselves out, and the same answers as the pages.</summary>
internal static class RuleVerbs
{
    private const string TryUsage = "relais access rules try PERSON [--from ADDRESS] [--at 2026-11-27T08:30] [--device Known|New|Passkey|Native] [--what SignIn|Desktop|...] [--json]";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Verb List = new("access rules list", "the rules of access in their order [--json]", ListAsync);

    public static readonly Verb Try = new("access rules try", "which rule would decide: PERSON [--from A] [--at T] [--device D] [--what W] [--json]", TryAsync);

    public static readonly Verb Disable = new("access rules disable", "switch a rule off, by its number in the list [--json]: the way in when a rule shuts out everybody", (call, cancel) => SwitchAsync(call, false, cancel));

    public static readonly Verb Enable = new("access rules enable", "switch a rule on again, by its number in the list [--json]", (call, cancel) => SwitchAsync(call, true, cancel));

    public static readonly Verb Default = new("access rules default", "what is decided when no rule holds: Allow, AskSecondFactor or Refuse [--json]", DefaultAsync);

    private static Task<int> ListAsync(VerbCall call, CancellationToken cancel) => InAsync(call, async services =>
    {
        var all = await RuleReport.ListAsync(services.GetRequiredService<EditRules>(), cancel);
        if (call.Arguments is ["--json"])
        {
            await call.Out.WriteLineAsync(JsonSerializer.Serialize(all, Json));
            return 0;
        }

        if (call.Arguments.Count > 0)
            return await CreateAdministrator.UsageAsync(call, "relais access rules list [--json]");
        foreach (var rule in all.Rules)
            await call.Out.WriteLineAsync($"{rule.Position}  {(rule.Enabled ? "on " : "off")}  {rule.Decision}{(rule.ProofHours is { } hours ? $" after {hours} h" : "")}  {rule.Name}");
        await call.Out.WriteLineAsync($"-  on   {all.Default}  when no rule holds");
        return 0;
    }, cancel);

    private static async Task<int> TryAsync(VerbCall call, CancellationToken cancel)
    {
        var (trial, json) = (new RuleTrial(null, null, null, null, null), false);
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var value = i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : null;
            switch (call.Arguments[i])
            {
                case "--json": json = true; continue;
                case "--from" when value is not null: trial = trial with { Address = value }; break;
                case "--at" when value is not null: trial = trial with { When = value }; break;
                case "--device" when value is not null: trial = trial with { Device = value }; break;
                case "--what" when value is not null: trial = trial with { What = value }; break;
                case { } name when trial.Person is null && !name.StartsWith('-'): trial = trial with { Person = name }; continue;
                default: return await CreateAdministrator.UsageAsync(call, TryUsage);
            }

            i++;
        }

        if (trial.Person is null)
            return await CreateAdministrator.UsageAsync(call, TryUsage);
        return await InAsync(call, async services =>
        {
            var text = services.GetRequiredService<IStringLocalizer<ConditionsTexts>>();
            switch (await services.GetRequiredService<TryRules>().HandleAsync(trial, cancel))
            {
                case TrialOutcome.Faulty { Faults: var faults }:
                    foreach (var fault in faults)
                        await call.Error.WriteLineAsync($"relais: {fault.In(text)}");
                    return 1;
                case TrialOutcome.Tried { Result: var result }:
                    await call.Out.WriteLineAsync(json ? JsonSerializer.Serialize(RuleReport.Of(result), Json) : Said(result));
                    return 0;
                default:
                    return 1;
            }
        }, cancel);
    }

    private static string Said(TrialResult result) =>
        $"{result.Verdict.Decision}: {(result.Verdict.Rule is { } rule ? $"rule {rule.Position}, {rule.Name}" : "no rule holds")}";

    private static async Task<int> SwitchAsync(VerbCall call, bool enabled, CancellationToken cancel)
    {
        var json = call.Arguments.Contains("--json", StringComparer.Ordinal);
        if (call.Arguments.Where(a => a != "--json").ToList() is not [var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return await CreateAdministrator.UsageAsync(call, $"relais access rules {(enabled ? "enable" : "disable")} NUMBER: the numbers are in relais access rules list");
        return await InAsync(call, async services =>
        {
            var edit = services.GetRequiredService<EditRules>();
            if ((await edit.ListAsync(cancel)).FirstOrDefault(r => r.Position == position) is not { } rule
                || await edit.SwitchAsync(rule.Id, enabled, null, Actor.System, cancel) is not RuleAnswer.Done)
            {
                await call.Error.WriteLineAsync($"relais: there is no rule {position}");
                return 1;
            }

            if (json)
                return await AccessAnswers.WriteAsync(call, new { rule.Id, position, rule.Name, enabled });
            await call.Out.WriteLineAsync($"rule {position}, {rule.Name}, is {(enabled ? "on" : "off")}");
            return 0;
        }, cancel);
    }

    private static async Task<int> DefaultAsync(VerbCall call, CancellationToken cancel)
    {
        var json = call.Arguments.Contains("--json", StringComparer.Ordinal);
        if (call.Arguments.Where(a => a != "--json").ToList() is not [var decision])
            return await CreateAdministrator.UsageAsync(call, "relais access rules default Allow|AskSecondFactor|Refuse");
        return await InAsync(call, async services =>
        {
            if (await services.GetRequiredService<EditRules>().SetDefaultAsync(decision, null, Actor.System, cancel) is not RuleAnswer.Done)
                return await CreateAdministrator.UsageAsync(call, "relais access rules default Allow|AskSecondFactor|Refuse");
            if (json)
                return await AccessAnswers.WriteAsync(call, new { @default = decision });
            await call.Out.WriteLineAsync($"when no rule holds: {decision}");
            return 0;
        }, cancel);
    }

    internal static async Task<int> InAsync(VerbCall call, Func<IServiceProvider, Task<int>> work, CancellationToken cancel)
    {
        // Verbs speak English; the pages show the same in the reader's language.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
