using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Imports;

/// <summary>
/// <c>relais import people.csv [--check] [--json]</c>: adds and changes the people of a list, all or nothing. The exit code is 1 when anything is wrong,
/// and nothing was done then.
/// </summary>
internal static class ImportVerb
{
    private const int MostAbsentShown = 20;
    private const string Usage = "relais import FILE.csv [--check] [--json]";

    // Compact for programs, and with the names of HTTP's interface.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Verb Verb = new("import", "add and change the people of a list, all or nothing: FILE.csv [--check] [--json]", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var (check, json) = (call.Arguments.Contains("--check", StringComparer.Ordinal), call.Arguments.Contains("--json", StringComparer.Ordinal));
        if (call.Arguments.Where(a => a is not ("--check" or "--json")).ToList() is not [{ } path] || path.StartsWith('-'))
            return await CreateAdministrator.UsageAsync(call, Usage);
        if (!File.Exists(path))
        {
            await call.Error.WriteLineAsync($"relais: there is no file {path}");
            return 1;
        }

        // Verbs speak English; the page shows the same in the reader's language.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var file = new FileInfo(path).Length > PeopleFile.LongestBytes
            ? new PeopleFile([], [], [new ImportFault(0, 0, "", "", "file-large", PeopleFile.LongestBytes / 1024)])
            : PeopleFile.Read(await File.ReadAllBytesAsync(path, cancel));
        var outcome = check
            ? null
            : await services.GetRequiredService<ImportPeople>().HandleAsync(file, mark: null, Actor.System, cancel);
        var plan = outcome?.Plan ?? await services.GetRequiredService<PlanImport>().HandleAsync(file, cancel);
        var text = services.GetRequiredService<IStringLocalizer<PeopleTexts>>();
        if (json)
            await call.Out.WriteLineAsync(JsonSerializer.Serialize(ImportReport.Of(plan, outcome is ImportOutcome.Done, text), Json));
        else
            await SayAsync(call.Out, plan, outcome, text);
        if (outcome is ImportOutcome.Overtaken)
            await call.Error.WriteLineAsync("relais: people changed in the same moment, nothing was done: try again");
        return plan.Faults.Count > 0 || outcome is ImportOutcome.Overtaken ? 1 : 0;
    }

    private static async Task SayAsync(TextWriter to, ImportPlan plan, ImportOutcome? outcome, IStringLocalizer<PeopleTexts> text)
    {
        foreach (var fault in plan.Faults)
        {
            var place = fault switch
            {
                { Line: 0 } => "file",
                { Column: 0 } => $"line {fault.Line}",
                _ => $"line {fault.Line}, column {fault.Column} ({fault.Field})",
            };
            await to.WriteLineAsync($"{place}: {fault.In(text)} {fault.ToDo(text)}");
        }

        if (plan.Faults.Count > 0)
        {
            await to.WriteLineAsync($"{plan.Faults.Count} to correct; nothing was changed");
            return;
        }

        var done = outcome is ImportOutcome.Done;
        await to.WriteLineAsync(plan.Ready
            ? $"{plan.Created} {(done ? "added" : "to add")}, {plan.Changed} {(done ? "changed" : "to change")}, {plan.Unchanged} as they are"
            : $"no change: all {plan.Unchanged} are as the file says");
        if (plan.Absent.Count > 0)
        {
            var named = string.Join(", ", plan.Absent.Take(MostAbsentShown).Select(p => p.UserName));
            await to.WriteLineAsync($"not in the file, left alone: {plan.Absent.Count} ({named}{(plan.Absent.Count > MostAbsentShown ? ", ..." : "")})");
        }
    }
}
