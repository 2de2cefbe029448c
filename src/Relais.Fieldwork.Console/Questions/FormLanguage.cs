namespace Relais.Fieldwork.Console.Questions;

/// <summary>A language as questionnaires name it.</summary>
internal static class FormLanguage
{
    /// <summary>"Français (fr)" is fr; null when the name says no code.</summary>
    public static string? Code(string language)
    {
        var open = language.LastIndexOf('(');
        var code = open >= 0 && language.EndsWith(')') ? language[(open + 1)..^1].Trim() : language;
        return code.Length is >= 2 and <= 8 && code.All(c => char.IsAsciiLetter(c) || c == '-') && code != "default" ? code : null;
    }
}
