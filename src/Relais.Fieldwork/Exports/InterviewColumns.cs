using System.Globalization;
using System.Text.RegularExpressions;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// The columns of a questionnaire's answers: one a question, one a choice where several are allowed, and for a question of a repeated group one each time it was
/// asked (<c>age_1</c>, <c>age_2</c>).
/// </summary>
internal sealed partial class InterviewColumns
{
    private readonly List<(ExportColumn Column, string Path, string? Choice)> _all = [];

    private InterviewColumns()
    {
    }

    public IReadOnlyList<ExportColumn> Columns => [.. _all.Select(c => c.Column)];

    /// <param name="forms">The versions of the questionnaire that the interviews had, the latest last: its texts are taken.</param>
    /// <param name="paths">Every path that any of the interviews answered.</param>
    /// <param name="language">Of the labels, one of the form's; another one gives the form's default.</param>
    public static InterviewColumns Of(IReadOnlyList<FormDefinition> forms, IEnumerable<string> paths, string language)
    {
        var asked = paths.GroupBy(Unnumbered, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Order(NaturalOrder).ToList(), StringComparer.Ordinal);
        var (columns, seen) = (new InterviewColumns(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var form in forms.Reverse())
        {
            foreach (var question in form.Questions())
            {
                if (question is { Path: { } path, Type: not (QuestionType.Note or QuestionType.NotAsked) } && seen.Add(path))
                    columns.Add(form, question, asked.GetValueOrDefault(path) ?? [path], language);
            }
        }

        return columns;
    }

    /// <param name="answers">Of one interview, by path.</param>
    public IEnumerable<string?> Cells(IReadOnlyDictionary<string, string> answers)
    {
        foreach (var (_, path, choice) in _all)
        {
            var answer = answers.GetValueOrDefault(path);
            yield return answer is null || choice is null ? answer : answer.Split(' ').Contains(choice, StringComparer.Ordinal) ? "1" : "0";
        }
    }

    private void Add(FormDefinition form, FormQuestion question, List<string> paths, string language)
    {
        var label = Words(question.Label, form, language) is { Length: > 0 } words ? words : question.Name;
        var list = form.Lists.FirstOrDefault(l => l.Name == question.Choices?.List);
        var codes = list?.Choices.DistinctBy(c => c.Name, StringComparer.Ordinal).Select(c => new ExportCode(c.Name, Words(c.Label, form, language) is { Length: > 0 } text ? text : c.Name)).ToList() ?? [];
        foreach (var path in paths)
        {
            var name = question.Name + string.Concat(Passes().Matches(path).Select(m => "_" + m.Groups["pass"].Value));
            if (question.Type is QuestionType.SelectMultiple && codes.Count > 0)
            {
                var set = new ExportSet(name, label);
                _all.AddRange(codes.Select(code => (new ExportColumn($"{name}.{code.Value}", code.Label, ExportKind.Whole) { Set = set }, path, (string?)code.Value)));
                continue;
            }

            var kind = question.Type is QuestionType.SelectOne ? CodeKind(codes) : Kind(question.AnswerType);
            _all.Add((new ExportColumn(name, label, kind) { Codes = question.Type is QuestionType.SelectOne ? codes : [] }, path, null));
        }
    }

    private static ExportKind CodeKind(List<ExportCode> codes) =>
        codes.Count > 0 && codes.TrueForAll(c => int.TryParse(c.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) ? ExportKind.Whole : ExportKind.Text;

    private static ExportKind Kind(AnswerType type) => type switch
    {
        AnswerType.Whole => ExportKind.Whole,
        AnswerType.Number => ExportKind.Number,
        AnswerType.Date => ExportKind.Date,
        AnswerType.DateTime => ExportKind.Moment,
        _ => ExportKind.Text,
    };

    // What a piece of text depends on was another in each interview.
    private static string Words(FormText? text, FormDefinition form, string language) =>
        text is null ? "" : string.Concat(text.In(language, form.DefaultLanguage).Select(part => part.Literal ?? "…")).Trim();

    private static string Unnumbered(string path) => Passes().Replace(path, "");

    private static readonly IComparer<string> NaturalOrder = Comparer<string>.Create((a, b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b));

    [GeneratedRegex(@"\[(?<pass>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Passes();
}
