using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Studies;

/// <summary>A questionnaire's words as somebody reads them who does not interview: what is inserted stands in brackets.</summary>
internal static class FormWords
{
    /// <summary>The form's language whose name says it, such as "fr" for "Français (fr)"; else its default one.</summary>
    public static string Language(FormDefinition form, string wanted) =>
        form.Languages.FirstOrDefault(l => l.Equals(wanted, StringComparison.OrdinalIgnoreCase) || l.EndsWith($"({wanted})", StringComparison.OrdinalIgnoreCase)) ?? form.DefaultLanguage;

    public static string? Say(FormText? text, string language, FormDefinition form) =>
        text is null ? null : string.Concat(text.In(language, form.DefaultLanguage).Select(p => p.Literal ?? $"[{Inserted(p.Expression ?? "")}]"));

    // A path is said by the name it ends with, as it was written: ${age}.
    private static string Inserted(string expression) =>
        expression.All(c => char.IsLetterOrDigit(c) || c is '/' or '_' or '-' or '.') ? expression[(expression.LastIndexOf('/') + 1)..] : expression;

    public static string Say(FormExpression expression) => expression.Written ?? expression.XPath;
}
