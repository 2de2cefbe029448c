using System.Globalization;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Outcomes;

/// <summary><c>relais rates OUTCOMES.csv</c>: all outcome rates of AAPOR, as exact fractions and as numbers.</summary>
internal static class RatesVerb
{
    private const int BadInput = 1;
    private const int UsageError = 2;

    private const string Usage = """
        usage: relais rates OUTCOMES.csv
          columns I,P,R,NC,O,UH,UO,NE   a line of counts; with a column case, its name (lines of one case must agree)
          or outcome[,count]            a line for each outcome: a group such as NC, a code of AAPOR such as 3.13, or of Relais such as no-answer
        prints case,rate,exact,value; a rate whose denominator is zero is "not defined"
        exit code: 0 printed; 1 the file cannot be used; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("rates", "outcome rates of AAPOR from counts of outcomes: relais rates --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var path] || path is "--help" or "help")
        {
            var help = call.Arguments is ["--help"] or ["help"];
            await (help ? call.Out : call.Error).WriteLineAsync(Usage);
            return help ? 0 : UsageError;
        }

        try
        {
            var text = await File.ReadAllTextAsync(path, cancel);
            switch (OutcomesFile.Read(text))
            {
                case OutcomesFile.Bad bad:
                    await call.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"relais rates: {path}, line {bad.Line}: {bad.Problem}"));
                    return BadInput;
                case OutcomesFile.Good good:
                    await PrintAsync(call.Out, good);
                    return 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync($"relais rates: {e.Message}");
        }

        return BadInput;
    }

    private static async Task PrintAsync(TextWriter to, OutcomesFile.Good good)
    {
        await to.WriteLineAsync("case,rate,exact,value");
        foreach (var (name, counts) in good.Cases)
        {
            foreach (var rate in OutcomeRates.Of(counts))
            {
                var value = rate.Value is { } v ? string.Create(CultureInfo.InvariantCulture, $"{v},{v.Value:R}") : "not defined,not defined";
                await to.WriteLineAsync($"{Quoted(name)},{rate.Name},{value}");
            }
        }
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
