using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Forms.Tests.Sessions;

/// <summary>Short ways to write a questionnaire in a test. Its root is /f.</summary>
internal static class Form
{
    public static readonly DateTimeOffset At = new(2026, 11, 26, 10, 0, 0, TimeSpan.FromHours(1));

    public static FormDefinition Of(params IReadOnlyList<FormItem> items) => new()
    {
        Id = "f", Version = "1", Title = "F", Root = "f", DefaultLanguage = "Français (fr)", Languages = ["Français (fr)", "English (en)"], Items = items,
        Lists =
        [
            new("yesno", [Choice("yes", "Oui", "Yes"), Choice("no", "Non", "No")], [], Origin.File),
            new("stations", [.. Enumerable.Range(1, 6).Select(i => Choice($"s{i}", $"Station {i}", $"Station {i}") with { Columns = [new("region", i % 2 == 0 ? "even" : "odd")], Anchor = i == 6 ? Anchor.Last : Anchor.None })], ["region"], Origin.File),
        ],
    };

    public static FormSession Start(params IReadOnlyList<FormItem> items) => Start(Of(items), 1);

    public static FormSession Start(FormDefinition form, long seed)
    {
        var program = FormProgram.Compile(form);
        Assert.Empty(program.Findings);
        return FormSession.Start(program, new SessionStart(seed, At));
    }

    public static FormQuestion Ask(string path, QuestionType type = QuestionType.Text) => new()
    {
        Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Origin = Origin.File, Type = type, TypeName = "text", Label = Text(path, path),
    };

    public static FormQuestion Compute(string path, string xpath) => Ask(path, QuestionType.Calculate) with { Calculation = X(xpath) };

    public static FormQuestion Select(string path, string list, QuestionType type = QuestionType.SelectOne, string? filter = null) =>
        Ask(path, type) with { Choices = new ChoiceSource { List = list, Filter = filter is null ? null : X(filter) } };

    public static FormGroup Group(string path, params IReadOnlyList<FormItem> items) =>
        new() { Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Origin = Origin.File, Items = items };

    public static FormRepeat Repeat(string path, string? count, params IReadOnlyList<FormItem> items) =>
        new() { Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Origin = Origin.File, Items = items, Count = count is null ? null : X(count) };

    public static FormExpression X(string xpath) => new(xpath, Origin.File);

    public static FormText Text(string french, string english) => new([new("Français (fr)", Parts(french), Origin.File), new("English (en)", Parts(english), Origin.File)]);

    public static void Give(this FormSession session, string path, string value)
    {
        var result = session.Answer(path, value, At);
        Assert.True(result.Accepted, result.Problems is [var first, ..] ? $"{first.Path} {first.Kind} {first.Text}" : "");
    }

    /// <summary>The paths shown, one word a screen, from here to the end.</summary>
    public static string Walk(this FormSession session)
    {
        var shown = new List<string>();
        while (!session.IsAtEnd)
        {
            shown.Add(session.Screen() is { Kind: ScreenKind.Questions } screen ? string.Join('+', screen.Questions.Select(q => q.Path["/f/".Length..])) : "another");
            Assert.Empty(session.Next(At).Problems);
        }

        return string.Join(' ', shown);
    }

    // Between braces stands an expression.
    private static List<TextPart> Parts(string text) =>
        [.. text.Split('{', '}').Select((part, i) => i % 2 == 0 ? TextPart.Words(part) : TextPart.Value(part)).Where(part => part.Literal != "")];

    private static Choice Choice(string name, string french, string english) => new(name, Text(french, english), Origin.File);
}
