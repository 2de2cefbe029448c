using System.Text;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>The texts of one interview: in its language, with values piped in.</summary>
internal sealed class FormTexts(FormProgram program, LiveForm values)
{
    /// <summary>One of the form's languages.</summary>
    public string Language { get; private set; } = program.Form.DefaultLanguage;

    public bool IsEnglish => IsEnglishName(Language);

    /// <summary>A language of the form, by its name or by its code: <c>fr</c> finds <c>Français (fr)</c>. Null when there is none.</summary>
    public string? Find(string language) =>
        program.Form.Languages.FirstOrDefault(known => string.Equals(known, language, StringComparison.OrdinalIgnoreCase))
        ?? program.Form.Languages.FirstOrDefault(known => known.EndsWith($"({language})", StringComparison.OrdinalIgnoreCase));

    public void Use(string language)
    {
        Language = language;
        values.Context.Language = IsEnglish ? "en" : "fr";
        values.LanguageChanged();
    }

    /// <summary>What the product itself says.</summary>
    public string Say(string french, string english) => IsEnglish ? english : french;

    public string Render(FormText? text, Live on)
    {
        if (text is null)
            return "";
        var parts = text.In(Language, program.Form.DefaultLanguage);
        if (parts is [{ Literal: { } only }])
            return only;
        var built = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.Literal is { } words)
                built.Append(words);
            else if (program.InText(part.Expression ?? "") is { } expression)
                built.Append(values.Watch($"{on.Node.Path()} (text)", expression.Evaluate(values.Context, on.Node)).ToText());
        }

        return built.ToString();
    }

    private static bool IsEnglishName(string language) =>
        language.StartsWith("en", StringComparison.OrdinalIgnoreCase) || language.EndsWith("(en)", StringComparison.OrdinalIgnoreCase);
}
