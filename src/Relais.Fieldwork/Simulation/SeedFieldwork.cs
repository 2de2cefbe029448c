using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Rules;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Simulation;

/// <summary>
/// <c>relais demo fieldwork [CASES TARGET]</c>: a radio study under way, with the sample questionnaire, quotas, cases whose numbers nobody has, and the sample
/// interviewers. It may be called at any hour, so that whoever tries it finds a case. With CASES and TARGET it has as many, and the rules of France.
/// </summary>
internal static class SeedFieldwork
{
    public static readonly Verb Verb = new("demo fieldwork", "add the sample telephone study: questionnaire, quotas, cases, interviewers", RunAsync);

    /// <summary>Nobody is simulated under this name: whoever tries the console signs in with it.</summary>
    public const string Free = "enqueteur1";

    private const int Named = 5;
    private const int MostInterviewers = 1000;
    private const int MostCases = 50_000;

    public static IReadOnlyList<string> UserNames { get; } = [.. Enumerable.Range(1, MostInterviewers).Select(n => string.Create(CultureInfo.InvariantCulture, $"enqueteur{n}"))];

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (Size(call.Arguments) is not { } size)
        {
            await call.Error.WriteLineAsync($"usage: relais demo fieldwork [CASES TARGET], at most {MostCases} cases");
            return 2;
        }

        await call.Services.ApplyMigrationsAsync(cancel);
        var people = await call.Services.GetRequiredService<People>().FindByUserNamesAsync(UserNames, cancel);
        if (people.Count < Named)
        {
            await call.Error.WriteLineAsync("relais: the sample people are missing. Add them with: relais demo people");
            return 1;
        }

        await using var scope = call.Services.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<FieldworkDb>().Studies.AnyAsync(s => s.Name == RadioStudy.Name, cancel))
            await scope.ServiceProvider.GetRequiredService<RadioStudy>().AddAsync(size, people.Values, cancel);
        await call.Out.WriteLineAsync($"Telephone study:  {RadioStudy.Name}: sign in as {Free} and open the console; a case waits{(call.Arguments is [] ? ", at whatever hour" : "")}");
        return 0;
    }

    private static SampleSize? Size(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => SampleSize.Standard,
        [var cases, var target] when int.TryParse(cases, NumberStyles.None, CultureInfo.InvariantCulture, out var c) && c is >= 1 and <= MostCases
            && int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t >= 1 => new SampleSize(c, t, new CallRules()),
        _ => null,
    };
}
