using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Access.Conditions;

/// <summary><c>relais access countries FILE...</c>: takes in the institute's files of countries, in place of those before. The exit code is 1 when anything is wrong.</summary>
internal static class CountryVerb
{
    private const string Usage = "relais access countries FILE [FILE ...] [--json]";

    public static readonly Verb Verb = new("access countries", "take in files of address ranges and their countries, in place of those before: FILE ... [--json]", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var paths = call.Arguments.Where(a => a != "--json").ToList();
        if (paths.Count == 0 || paths.Exists(p => p.StartsWith('-')))
            return await CreateAdministrator.UsageAsync(call, Usage);
        if (paths.Find(p => !File.Exists(p)) is { } absent)
        {
            await call.Error.WriteLineAsync($"relais: there is no file {absent}");
            return 1;
        }

        return await RuleVerbs.InAsync(call, async services =>
        {
            var files = paths.ConvertAll(p => (Path.GetFileName(p), (Stream)File.OpenRead(p)));
            try
            {
                var outcome = await services.GetRequiredService<ImportCountries>().HandleAsync(files, Actor.System, cancel);
                return await SayAsync(call, outcome, services.GetRequiredService<IStringLocalizer<ConditionsTexts>>());
            }
            finally
            {
                foreach (var (_, stream) in files)
                    await stream.DisposeAsync();
            }
        }, cancel);
    }

    private static async Task<int> SayAsync(VerbCall call, CountriesOutcome outcome, IStringLocalizer<ConditionsTexts> text)
    {
        var json = call.Arguments.Contains("--json", StringComparer.Ordinal);
        switch (outcome)
        {
            case CountriesOutcome.Done done:
                await call.Out.WriteLineAsync(json ? JsonSerializer.Serialize(done, RuleVerbs.Json) : $"{done.Ranges} ranges of {done.Countries} countries");
                return 0;
            case CountriesOutcome.Faulty { Faults: var faults } when json:
                await call.Out.WriteLineAsync(JsonSerializer.Serialize(
                    new { faults = faults.Select(f => new { f.File, f.Line, f.Code, f.Value, Words = f.In(text) }) }, RuleVerbs.Json));
                return 1;
            case CountriesOutcome.Faulty { Faults: var faults }:
                foreach (var fault in faults)
                    await call.Error.WriteLineAsync($"{fault.File}{(fault.Line > 0 ? $" line {fault.Line}" : "")}: {fault.In(text)}");
                await call.Error.WriteLineAsync("relais: nothing was changed");
                return 1;
            default:
                return 1;
        }
    }
}
