using System.Globalization;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Verbs;

/// <summary><c>relais form eval</c>: the value of an expression, or of each line of a file.</summary>
internal static class FormEvalVerb
{
    private const string Usage = """
        usage: relais form eval --expr E | --file F [OPTIONS]
          --expr E           one expression of the ODK XForms XPath subset
          --file F           an expression a line; - is the input
          --instance X.xml   the record that paths look into
          --now T            what today() and now() say: 2026-11-26T10:20:30+01:00 (otherwise the clock, in UTC)
          --seed N           where random(), uuid() and randomize() begin (0)
          --language L       of the names of days and months (fr)
        prints a line each, its parts separated by a tab:
          number V | string V | boolean V | nodeset V, V, ...
          error KIND         syntax, unsupported, unhandled, type-mismatch, no-context or limit; the error stream says why
        line ends, tabs and backslashes within a value are written \n, \r, \t and \\
        exit code: 0 every expression has its line, also when it is an error; 1 a file cannot be read; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("form eval", "the value of expressions: relais form eval --help", (call, cancel) =>
        FormVerbs.RunAsync(call, "form eval", Usage, () => RunAsync(call, cancel)));

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var arguments = new FormArguments(call.Arguments, "expr", "file", "instance", "now", "seed", "language");
        if (arguments.Files is [var stray, ..])
            throw new FormUsageException($"\"{stray}\" stands without an option before it.");
        var context = await ContextAsync(arguments, cancel);
        if (arguments.Optional("expr") is { } one)
        {
            if (arguments.Optional("file") is not null)
                throw new FormUsageException("--expr and --file cannot both be given.");
            await PrintAsync(call, context, one, "");
            return 0;
        }

        var file = arguments.Optional("file") ?? throw new FormUsageException("--expr or --file is missing.");
        using var reader = file == "-" ? Console.In : new StreamReader(file);
        for (var number = 1; await reader.ReadLineAsync(cancel) is { } line; number++)
            await PrintAsync(call, context, line, string.Create(CultureInfo.InvariantCulture, $"line {number}, "));
        return 0;
    }

    private static async Task PrintAsync(VerbCall call, EvaluationContext context, string text, string where)
    {
        var value = Expression.TryCompile(text, out var expression, out var error) ? expression.Evaluate(context, context.Main) : Value.Of(error);
        if (value.Error is { } failed)
            await call.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"relais form eval: {where}place {failed.Position + 1}: {failed.Message}"));
        await call.Out.WriteLineAsync(value.Kind switch
        {
            ValueKind.Number => $"number\t{value.ToNumber().ToString("R", CultureInfo.InvariantCulture)}",
            ValueKind.Text => $"string\t{Escaped(value.ToText())}",
            ValueKind.Boolean => $"boolean\t{value.ToText()}",
            ValueKind.Nodes => $"nodeset\t{string.Join(", ", value.Nodes.Select(node => Escaped(node.Seen)))}",
            ValueKind.Error => $"error\t{value.Error!.KindName}",
        });
    }

    private static string Escaped(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal).Replace("\r", @"\r", StringComparison.Ordinal).Replace("\t", @"\t", StringComparison.Ordinal);

    private static async Task<EvaluationContext> ContextAsync(FormArguments arguments, CancellationToken cancel)
    {
        var context = new EvaluationContext { Now = TimeProvider.System.GetUtcNow(), Language = arguments.Optional("language") ?? "fr" };
        if (arguments.Optional("now") is { } now)
        {
            context.Now = DateTimeOffset.TryParse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new FormUsageException($"--now {now} is no time; write 2026-11-26T10:20:30+01:00.");
        }

        if (arguments.Optional("seed") is { } seed)
            context.Seed = long.TryParse(seed, CultureInfo.InvariantCulture, out var number) ? number : throw new FormUsageException($"--seed {seed} is no whole number.");
        if (arguments.Optional("instance") is { } file)
            context.Main = InstanceXml.Read(await File.ReadAllTextAsync(file, cancel)) ?? throw new IOException($"{file} is not well-formed XML.");
        return context;
    }
}
