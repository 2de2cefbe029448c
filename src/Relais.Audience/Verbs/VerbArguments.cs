namespace Relais.Audience.Verbs;

/// <summary>A call that cannot be understood, in words: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Arguments of the form <c>--name value</c>, each name once, among those that the verb knows.</summary>
internal sealed class VerbArguments
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <param name="known">The names, without the dashes.</param>
    /// <exception cref="UsageException">A name is unknown, given twice, or without a value.</exception>
    public VerbArguments(IReadOnlyList<string> arguments, params IReadOnlyList<string> known)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"\"{arguments[i]}\" stands without an option before it");
            var (name, value) = arguments[i].IndexOf('=', StringComparison.Ordinal) is > 2 and var equals
                ? (arguments[i][2..equals], arguments[i][(equals + 1)..])
                : (arguments[i][2..], null);
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new UsageException($"there is no option --{name}; known are: {string.Join(", ", known.Select(k => $"--{k}"))}");
            // A value may begin with a dash (--bounds -1,3), but not with two.
            if (value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = arguments[++i];
            if (string.IsNullOrEmpty(value))
                throw new UsageException($"--{name} needs a value");
            if (!_given.TryAdd(name, value))
                throw new UsageException($"--{name} is given twice");
        }
    }

    public string? Optional(string name) => _given.GetValueOrDefault(name);

    public string Required(string name) => Optional(name) ?? throw new UsageException($"--{name} is missing");

    /// <summary>A list separated by commas; empty when the option is not given.</summary>
    public IReadOnlyList<string> List(string name) =>
        Optional(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>That no file to be written is one of those that are read, or another to be written.</summary>
    /// <exception cref="UsageException">Two options name one file.</exception>
    public void KeepApart(IReadOnlyList<string> written, IReadOnlyList<string> read)
    {
        foreach (var (at, name) in written.Index())
        {
            var other = read.Concat(written.Skip(at + 1)).FirstOrDefault(o => Optional(name) is { } path && Optional(o) is { } taken && Path.GetFullPath(path) == Path.GetFullPath(taken));
            if (other is not null)
                throw new UsageException($"--{name} and --{other} name the same file, {Optional(name)}, which would be lost");
        }
    }

    public double Number(string name, double otherwise) => Optional(name) is not { } text
        ? otherwise
        : double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new UsageException($"--{name} {text} is not a number");

    /// <summary>Whether numbers in the files are written with a decimal comma: <c>--decimal comma</c>.</summary>
    public bool DecimalComma() => Optional("decimal") switch
    {
        null or "point" => false,
        "comma" => true,
        var other => throw new UsageException($"--decimal {other} is neither point nor comma"),
    };
}
