using System.Globalization;
using System.Resources;

namespace Relais.Fieldwork.Console;

/// <summary>The console's own words, in the interviewer's language; the questionnaire speaks the respondent's.</summary>
public sealed class ConsoleTexts(string language)
{
    private static readonly ResourceManager French = new("ConsoleTexts", typeof(ConsoleTexts).Assembly);
    private static readonly ResourceManager English = new("ConsoleTexts.en", typeof(ConsoleTexts).Assembly);

    public string Language { get; } = language == "en" ? "en" : "fr";

    public string this[string name] =>
        (Language == "en" ? English : French).GetString(name, CultureInfo.InvariantCulture) ?? throw new InvalidOperationException($"No text named {name}.");

    public string this[string name, params object[] values] => string.Format(CultureInfo.InvariantCulture, this[name], values);

    /// <summary>Whether there is such a text.</summary>
    public static bool Has(string name) => French.GetString(name, CultureInfo.InvariantCulture) is not null;
}
