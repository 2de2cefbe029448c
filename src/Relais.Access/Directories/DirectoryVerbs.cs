using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Imports;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Directories;

/// <summary>
/// <c>relais directory check</c> says what a synchronisation would do, <c>relais directory sync [--force]</c> does it. Both write JSON; the exit code is 1 when
/// nothing could be done.
/// </summary>
internal static class DirectoryVerbs
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Verb Check = new("directory check", "say what bringing people in line with the directory would do, as JSON", (call, cancel) =>
        call.Arguments.Count > 0 ? CreateAdministrator.UsageAsync(call, "relais directory check") : RunAsync(call, (sync, stop) => sync.RehearseAsync(stop), cancel));

    public static readonly Verb Sync = new("directory sync", "bring people in line with the directory: [--force]", (call, cancel) =>
        call.Arguments.Any(a => a is not "--force")
            ? CreateAdministrator.UsageAsync(call, "relais directory sync [--force]")
            : RunAsync(call, (sync, stop) => sync.HandleAsync(mark: null, call.Arguments.Count > 0, Actor.System, stop), cancel));

    private static async Task<int> RunAsync(VerbCall call, Func<SyncDirectory, CancellationToken, Task<SyncOutcome>> work, CancellationToken cancel)
    {
        // Verbs speak English; the page shows the same in the reader's language.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var outcome = await work(services.GetRequiredService<SyncDirectory>(), cancel);
        var (own, people) = (services.GetRequiredService<IStringLocalizer<DirectoryTexts>>(), services.GetRequiredService<IStringLocalizer<PeopleTexts>>());
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(DirectoryReport.Of(outcome, own, people), Json));
        return outcome is SyncOutcome.Rehearsed or SyncOutcome.Done ? 0 : 1;
    }
}

/// <summary>What a synchronisation would do or did, for programs.</summary>
/// <param name="State">"rehearsed", "done", "halted" or "failed".</param>
internal sealed record DirectoryReport(
    string State, string? Trouble, string? Message, string? Detail, int Listed, int Created, int Changed, IReadOnlyList<string> Disabled, IReadOnlyList<string> Enabled,
    IReadOnlyList<ImportReport.Line> Changes, IReadOnlyList<DirectoryReport.Problem> Problems)
{
    public sealed record Problem(string Entry, string Field, string Value, string Code, string Message, string Action);

    internal static DirectoryReport Of(SyncOutcome outcome, IStringLocalizer<DirectoryTexts> text, IStringLocalizer<PeopleTexts> people) => outcome switch
    {
        SyncOutcome.Failed failed => new("failed", failed.Trouble.ToString(), text[$"Trouble.{failed.Trouble}"], failed.Detail, 0, 0, 0, [], [], [], []),
        SyncOutcome.Rehearsed rehearsed => Of("rehearsed", null, rehearsed.Plan, text, people),
        SyncOutcome.Done done => Of("done", null, done.Plan, text, people),
        SyncOutcome.Halted halted => Of("halted", halted.LastAdministrator ? text["Halted.LastAdministrator"] : text["Halted", halted.Plan.Disabled.Count, halted.Plan.MayLose, halted.Plan.MostPercent], halted.Plan, text, people),
        SyncOutcome.Overtaken overtaken => Of("failed", text["Overtaken"], overtaken.Plan, text, people),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static DirectoryReport Of(string state, string? message, SyncPlan plan, IStringLocalizer<DirectoryTexts> text, IStringLocalizer<PeopleTexts> people) => new(
        state, null, message, null, plan.Listed, plan.People.Created, plan.People.Changed, [.. plan.Disabled.Select(p => p.UserName)], [.. plan.Enabled.Select(p => p.UserName)],
        ImportReport.Of(plan.People, applied: false, people).Changes,
        [.. plan.Problems.Select(p => new Problem(p.Entry, p.Fault.Field, p.Fault.Value, p.Fault.Code, p.WhatIsWrong(text, people), p.ToDo(text, people)))]);
}

internal static class DirectoryWords
{
    public static string WhatIsWrong(this SyncProblem problem, IStringLocalizer<DirectoryTexts> own, IStringLocalizer<PeopleTexts> people) =>
        Own(problem) ? own[$"Fault.{problem.Fault.Code}", problem.Fault.Value, problem.Fault.Detail ?? ""] : problem.Fault.In(people);

    public static string ToDo(this SyncProblem problem, IStringLocalizer<DirectoryTexts> own, IStringLocalizer<PeopleTexts> people) =>
        Own(problem) ? own[$"Do.{problem.Fault.Code}", problem.Fault.Value, problem.Fault.Detail ?? ""] : problem.Fault.ToDo(people);

    private static bool Own(SyncProblem problem) => problem.Fault.Code.StartsWith("directory-", StringComparison.Ordinal);
}
