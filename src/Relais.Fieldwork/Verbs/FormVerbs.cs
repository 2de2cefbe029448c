using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Verbs;

/// <summary>The verbs of questionnaires: they read files only.</summary>
internal static class FormVerbs
{
    private const int BadInput = 1;
    private const int UsageError = 2;

    public static IReadOnlyList<Verb> All { get; } = [FormCheckVerb.Verb, FormEvalVerb.Verb, FormRunVerb.Verb];

    /// <summary>Runs a verb and says in words why it cannot: exit code 1 for a file that cannot be used, 2 for a wrong call.</summary>
    public static async Task<int> RunAsync(VerbCall call, string name, string usage, Func<Task<int>> run)
    {
        if (call.Arguments is [] or ["--help"] or ["help"])
        {
            await (call.Arguments is [] ? call.Error : call.Out).WriteLineAsync(usage);
            return call.Arguments is [] ? UsageError : 0;
        }

        try
        {
            return await run();
        }
        catch (FormUsageException e)
        {
            await call.Error.WriteLineAsync($"relais {name}: {e.Message}\nrelais {name} --help shows how to call it.");
            return UsageError;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync($"relais {name}: {e.Message}");
            return BadInput;
        }
    }
}

/// <summary>A call that cannot be understood, in words.</summary>
internal sealed class FormUsageException(string message) : Exception(message);

/// <summary>Arguments of the form <c>--name value</c>, and those without a name before them.</summary>
internal sealed class FormArguments
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <exception cref="FormUsageException">A name is unknown, given twice, or without a value.</exception>
    public FormArguments(IReadOnlyList<string> arguments, params IReadOnlyList<string> known)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                Files.Add(arguments[i]);
                continue;
            }

            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals > 2 ? arguments[i][2..equals] : arguments[i][2..];
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new FormUsageException($"there is no option --{name}; known are: {string.Join(", ", known.Select(k => $"--{k}"))}.");
            // What follows is its value whatever it looks like: an expression may begin with dashes.
            if (equals <= 2 && ++i == arguments.Count)
                throw new FormUsageException($"--{name} needs a value.");
            if (!_given.TryAdd(name, equals > 2 ? arguments[i][(equals + 1)..] : arguments[i]))
                throw new FormUsageException($"--{name} is given twice.");
        }
    }

    public List<string> Files { get; } = [];

    public string? Optional(string name) => _given.GetValueOrDefault(name);
}
