using System.Globalization;

namespace Relais.Kernel.Verbs;

/// <summary>What a verb was called with: words, options that each have a value, and flags that have none.</summary>
public sealed class VerbOptions
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    private VerbOptions()
    {
    }

    public IReadOnlyList<string> Words => _words;

    /// <summary>The value that was given last; null when the option is absent.</summary>
    public string? this[string option] => _values.TryGetValue(option, out var values) ? values[^1] : null;

    /// <summary>Whether an option or a flag is there.</summary>
    public bool Has(string option) => _values.ContainsKey(option);

    /// <summary>Every value of an option that may be given several times; null when it is absent.</summary>
    public IReadOnlyList<string>? All(string option) => _values.GetValueOrDefault(option);

    /// <param name="arguments">What followed the verb's name.</param>
    /// <param name="known">Options with a value.</param>
    /// <param name="flags">Options without one.</param>
    /// <returns>Null when an option is unknown or has no value.</returns>
    public static VerbOptions? Read(IReadOnlyList<string> arguments, string[] known, string[]? flags = null)
    {
        var options = new VerbOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                options._words.Add(arguments[i]);
            else if (flags?.Contains(arguments[i], StringComparer.Ordinal) == true)
                options.Add(arguments[i], "");
            else if (known.Contains(arguments[i], StringComparer.Ordinal) && i + 1 < arguments.Count)
                options.Add(arguments[i], arguments[++i]);
            else
                return null;
        }

        return options;
    }

    /// <summary>Null when it is absent; negative when it is no whole number.</summary>
    public int? Number(string option) => this[option] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private void Add(string option, string value)
    {
        if (!_values.TryGetValue(option, out var values))
            _values[option] = values = [];
        values.Add(value);
    }
}
