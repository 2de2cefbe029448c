using System.Text;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Gateway.Fuzz;

/// <summary>What a form's author writes as expressions, and what an interviewer's console sends back.</summary>
internal static class InterviewTargets
{
    private const string Start = "/f";
    private static readonly DateTimeOffset At = new(2026, 11, 26, 10, 0, 0, TimeSpan.FromHours(1));
    private static readonly EvaluationContext Context = Interview();
    private static readonly ListeningDay Day = new("stations", 300, 1740, 15, null, null, null);
    private static readonly FormProgram Program = FormProgram.Compile(Questionnaire());

    public static int Expression(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (!Fieldwork.Forms.Expressions.Expression.TryCompile(text, out var expression, out var error))
        {
            Targets.Promise(error.Position >= 0 && error.Position <= text.Length, "the place is in the text");
            return HashCode.Combine(error.Kind, error.Position / 4);
        }

        var on = Context.Main!.Named("child")[1].Child("age");
        var value = expression.Evaluate(Context, on);
        var again = expression.Evaluate(Context, on);
        Targets.Promise(value.Kind == again.Kind && value.ToText() == again.ToText(), "the same expression gives the same value");
        Targets.Promise(value.IsError == value.Error is not null, "a value or an error");
        var references = expression.References("/data/child/age");
        return HashCode.Combine(value.Kind, value.Error?.Kind, references.Paths.Count, references.Instances.Count, references.IsVolatile, text.Length / 8);
    }

    /// <summary>Lines of path and answer to an interview, then the record with one byte of the input in it.</summary>
    public static int Session(byte[] bytes)
    {
        var session = FormSession.Start(Program, new SessionStart(bytes.Length, At));
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Take(40))
        {
            var parts = line.Split('\t');
            var (path, value) = (parts[0], parts.Length > 1 ? parts[1] : "");
            _ = value switch
            {
                "+" => session.AddPass(path, At),
                "x" => session.RemovePass(path, At),
                ">" => session.Next(At),
                "!" => session.Confirm(path, At),
                "?" => session.Comment(path, line, At),
                _ => session.Answer(path, value, At),
            };
            session.Screen();
        }

        var record = session.Record();
        var again = FormSession.Restore(Program, session.Begun, session.Events, out var refused);
        Targets.Promise(refused is null && again.Record().AsSpan().SequenceEqual(record), "replayed, the same record");
        var problems = session.Problems();
        Targets.Promise(FormRecord.Validate(Program, record).SequenceEqual(problems), "the record has the interview's problems");
        if (bytes.Length > 1)
        {
            record[(bytes[0] << 8 | bytes[^1]) % record.Length] = bytes[bytes.Length / 2];
            FormRecord.Validate(Program, record);
        }

        return HashCode.Combine(session.Events.Count, problems.Count, session.IsAtEnd, record.Length / 8);
    }

    public static int Journal(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        ListeningTime.ReadStretch(text, Day);
        if (ListeningJournal.Parse(text, out var why) is not { } journal)
        {
            Targets.Promise(why is not null, "a journal or why not");
            return 0;
        }

        Targets.Promise(ListeningJournal.Parse(journal.Write(), out _)?.Write() == journal.Write(), "what is written can be read");
        Targets.Promise(journal.Quarters(Day).Count >= journal.Entries.Count / 288, "what was heard is counted");
        var doubts = ListeningChecks.Doubts(journal, Day, Program.Form, new DateOnly(2026, 11, 25));
        return HashCode.Combine(journal.Entries.Count, doubts.Count, ListeningChecks.Refusal(journal, Day, Program.Form) is null);
    }

    private static EvaluationContext Interview()
    {
        var data = InstanceXml.Read("<data id='x'><town>Lyon</town><child><name>Ana</name><age>34</age></child><child><name>Bia</name><age>7</age></child><tags>a b c</tags></data>")!;
        return new EvaluationContext { Main = data, Now = At, Instance = id => id == "t" ? data : null };
    }

    private static FormDefinition Questionnaire()
    {
        static FormQuestion Ask(string path, QuestionType type, string? relevant = null, string? constraint = null, string? computed = null) => new()
        {
            Name = path[(path.LastIndexOf('/') + 1)..], Path = path, Origin = Origin.File, Type = type, TypeName = "text",
            Relevant = X(relevant), Constraint = X(constraint), Calculation = X(computed),
        };
        static FormExpression? X(string? xpath) => xpath is null ? null : new FormExpression(xpath, Origin.File);

        return new FormDefinition
        {
            Id = "f", Version = "1", Title = "F", Root = "f", DefaultLanguage = "fr", Languages = ["fr", "en"],
            Lists = [new("stations", [new("s1", null, Origin.File), new("s2", null, Origin.File), new("s3", null, Origin.File)], [], Origin.File)],
            Items =
            [
                Ask($"{Start}/n", QuestionType.WholeNumber, constraint: ". < 5"),
                new FormRepeat { Name = "child", Path = $"{Start}/child", Origin = Origin.File, Count = X("/f/n"), Items = [Ask($"{Start}/child/age", QuestionType.Number), Ask($"{Start}/child/name", QuestionType.Text, "../age > 3")] },
                new FormRepeat { Name = "car", Path = $"{Start}/car", Origin = Origin.File, Items = [Ask($"{Start}/car/make", QuestionType.Text), Ask($"{Start}/car/when", QuestionType.Date, constraint: ". <= today()")] },
                Ask($"{Start}/sum", QuestionType.Calculate, computed: "sum(/f/child/age)"),
                Ask($"{Start}/best", QuestionType.SelectMultiple, "/f/sum > 2") with { Choices = new ChoiceSource { List = "stations", Randomize = true, Filter = X("name != current()/../n") } },
                Ask($"{Start}/day", QuestionType.ListeningDay) with { ListeningDay = new("stations", 300, 1740, 15, null, null, null) },
            ],
        };
    }
}
