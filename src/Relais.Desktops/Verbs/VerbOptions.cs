using System.Globalization;

namespace Relais.Desktops.Verbs;

/// <summary>What a verb was called with: words, and options that each have a value.</summary>
internal sealed class VerbOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    public IReadOnlyList<string> Words => _words;

    public string? this[string option] => _values.GetValueOrDefault(option);

    /// <summary>Null when an option is unknown or has no value.</summary>
    public static VerbOptions? Read(IReadOnlyList<string> arguments, string[] known)
    {
        var options = new VerbOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                options._words.Add(arguments[i]);
            else if (known.Contains(arguments[i], StringComparer.Ordinal) && i + 1 < arguments.Count)
                options._values[arguments[i]] = arguments[++i];
            else
                return null;
        }

        return options;
    }

    /// <summary>Null when it is absent; negative when it is no whole number.</summary>
    public int? Number(string option) => this[option] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
