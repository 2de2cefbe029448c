using System.Globalization;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>
/// One interview: where it stands, what may be answered, what was answered. The same on the server and in the browser. Not thread-safe.
/// Time and chance come in from outside; the same start and the same events give the same record byte for byte.
/// </summary>
public sealed partial class FormSession
{
    private readonly LiveForm _values;
    private readonly FormTexts _texts;
    private readonly ChoiceOffers _offers;
    private readonly Route _route;
    private readonly AnswerChecks _checks;
    private readonly List<FormEvent> _events = [];
    private readonly Dictionary<Live, string> _comments = [];
    private readonly Dictionary<Live, DateTimeOffset> _answered = [];
    private DateTimeOffset _last;

    private FormSession(FormProgram program, SessionStart start)
    {
        Program = program;
        Begun = start;
        _last = start.At;
        var context = new EvaluationContext { Now = start.At, Seed = start.Seed, Version = program.Form.Version, Instance = program.Instance };
        _values = new LiveForm(program, context);
        _texts = new FormTexts(program, _values);
        _offers = new ChoiceOffers(program, _values, _texts);
        _route = new Route(_values, _offers);
        _checks = new AnswerChecks(_values, _texts, _offers, program.Form);
        context.ChoiceName = _offers.NameOf;
        context.Property = name => name switch
        {
            "deviceid" => start.DeviceId,
            "username" => start.Username,
            _ => null,
        };
        _texts.Use((start.Language is { } language ? _texts.Find(language) : null) ?? program.Form.DefaultLanguage);
        Fill(start);
        _values.Begin();
        _at = Step.End;
    }

    public FormProgram Program { get; }

    public SessionStart Begun { get; }

    /// <summary>The language that texts are shown in; one of the form's.</summary>
    public string Language => _texts.Language;

    /// <summary>All that was done, in order. What a call adds stands at the end: the console's outbox sends from where it was.</summary>
    public IReadOnlyList<FormEvent> Events => _events;

    /// <summary>Expressions that had no value in this interview, and why.</summary>
    public IReadOnlyDictionary<string, ExpressionError> Faults => _values.Faults;

    internal LiveForm Values => _values;

    /// <summary>Begins an interview at its first screen.</summary>
    public static FormSession Start(FormProgram program, SessionStart start)
    {
        var session = new FormSession(program, start);
        session.MoveTo(session.Steps()[0], start.At);
        return session;
    }

    /// <summary>Begins again and replays what was done; the interview then stands after the last answer.</summary>
    /// <param name="refused">What the first event that does not fit was refused for; all before it is done. Null when all fit.</param>
    public static FormSession Restore(FormProgram program, SessionStart start, IEnumerable<FormEvent> events, out FormProblem? refused)
    {
        var session = new FormSession(program, start);
        refused = null;
        foreach (var done in events.OrderBy(e => e.Sequence))
        {
            if (session._events.Count > 0 && done.Sequence <= session._events[^1].Sequence)
                continue;
            if (session.Apply(done) is { Accepted: false } result)
            {
                refused = result.Problems[0];
                break;
            }
        }

        session.Resume();
        return session;
    }

    /// <summary>Answers a question, changes an answer, or with an empty text takes it back. What is refused changes nothing.</summary>
    public FormResult Answer(string path, string value, DateTimeOffset at) => Do(FormEventKind.Answer, path, value, at);

    /// <summary>Confirms an answer that a soft check doubts.</summary>
    public FormResult Confirm(string path, DateTimeOffset at) => Do(FormEventKind.Confirm, path, Find(path)?.Node.Text ?? "", at);

    /// <summary>Goes round a repeat once more.</summary>
    /// <param name="path">The repeat's, such as <c>/data/child</c>.</param>
    public FormResult AddPass(string path, DateTimeOffset at) => Do(FormEventKind.AddPass, path, "", at);

    /// <summary>Removes one time round, such as <c>/data/child[2]</c>, with its answers.</summary>
    public FormResult RemovePass(string path, DateTimeOffset at) => Do(FormEventKind.RemovePass, path, "", at);

    /// <summary>Goes on in another language, named or by its code.</summary>
    public FormResult SwitchLanguage(string language, DateTimeOffset at) => Do(FormEventKind.Language, "", language, at);

    /// <summary>Leaves a remark on a question; an empty one takes it away.</summary>
    public FormResult Comment(string path, string remark, DateTimeOffset at) => Do(FormEventKind.Comment, path, remark, at);

    /// <summary>The stored value of a question; empty when there is none or it is not relevant.</summary>
    public string Value(string path) => Find(path)?.Node.Seen ?? "";

    private FormResult Do(FormEventKind kind, string path, string value, DateTimeOffset at) => Apply(new FormEvent(_events.Count + 1, kind, path, value, Language, at));

    private FormResult Apply(FormEvent done)
    {
        _values.Context.Now = done.At;
        var result = done.Kind switch
        {
            FormEventKind.Answer => Store(ref done),
            FormEventKind.Confirm => _checks.Confirm(Find(done.Path), done.Path, done.Value),
            FormEventKind.AddPass => Add(done.Path),
            FormEventKind.RemovePass => Remove(done.Path),
            FormEventKind.Language => Switch(ref done),
            FormEventKind.Comment => Remark(done),
            FormEventKind.Shown => Show(done),
        };
        if (!result.Accepted)
            return result;
        _last = done.At;
        SetMetadata(MetadataKind.End, Stamp(done.At));
        _values.Settle();
        _events.Add(done);
        return result;
    }

    private FormResult Store(ref FormEvent done)
    {
        if (Find(done.Path) is not { Relevant: true, Item.IsAsked: true } live)
            return FormResult.Refused(Problem(done.Path, ProblemKind.NotAsked, "Cette question n'est pas posée dans cet entretien.", "This question is not asked in this interview."));
        if (_checks.IsReadOnly(live))
            return FormResult.Refused(Problem(done.Path, ProblemKind.ReadOnly, "Cette réponse ne se modifie pas.", "This answer cannot be changed."));
        var read = _checks.Read(live, done.Value);
        if (read.Problem is { } kind)
            return FormResult.Refused(Problem(done.Path, kind, read.Why!.French, read.Why.English));
        if (_checks.Refusal(live, read.Value) is { } refused)
            return FormResult.Refused(refused);
        _values.Set(live, read.Value);
        _answered[live] = done.At;
        foreach (var record in live.Around().Select(TimeOf).OfType<Live>())
            _values.Set(record, $"{record.Node.Text.Split(' ')[0]} {Stamp(done.At)}".Trim());
        done = done with { Value = read.Value };
        return FormResult.Done;
    }

    private FormResult Add(string path)
    {
        if (Find(path) is not { IsRepeat: true, Relevant: true } repeat)
            return FormResult.Refused(Problem(path, ProblemKind.NotAsked, "Cette répétition n'existe pas ici.", "There is no such repeat here."));
        var open = repeat.Item.Count is null || (IsLazy(repeat) && _values.Wanted(repeat) > repeat.Passes);
        return open && _values.AddPass(repeat)
            ? FormResult.Done
            : FormResult.Refused(Problem(path, ProblemKind.Repeat, "Aucun tour de plus n'est possible ici.", "There is no room for another time round."));
    }

    private FormResult Remove(string path)
    {
        if (Find(path) is not { IsPass: true, Relevant: true } pass || pass.Item.Count is not null)
            return FormResult.Refused(Problem(path, ProblemKind.Repeat, "Ce tour ne peut pas être retiré.", "This time round cannot be removed."));
        _values.RemovePass(pass);
        return FormResult.Done;
    }

    private FormResult Switch(ref FormEvent done)
    {
        if (_texts.Find(done.Value) is not { } language)
            return FormResult.Refused(Problem("", ProblemKind.NotAChoice, $"Le questionnaire n'existe pas en « {done.Value} ».", $"The form is not available in \"{done.Value}\"."));
        _texts.Use(language);
        done = done with { Value = language };
        return FormResult.Done;
    }

    private FormResult Remark(FormEvent done)
    {
        if (Find(done.Path) is not { } live)
            return FormResult.Refused(Problem(done.Path, ProblemKind.NotAsked, "Cette question n'existe pas.", "There is no such question."));
        if (done.Value.Length > AnswerReader.Longest)
            return FormResult.Refused(Problem(done.Path, ProblemKind.TooLong, "La remarque est trop longue.", "The remark is too long."));
        _comments[live] = done.Value;
        _values.Touch();
        return FormResult.Done;
    }

    private FormResult Show(FormEvent done)
    {
        if (Find(done.Path) is not { } live || TimeOf(live) is not { } record)
            return FormResult.Refused(Problem(done.Path, ProblemKind.NotAsked, "Cette question n'existe pas.", "There is no such question."));
        if (record.Node.Text.Length == 0)
            _values.Set(record, Stamp(done.At));
        return FormResult.Done;
    }

    /// <summary>The hidden item that the times of a question or group are written to; null when they are not.</summary>
    private Live? TimeOf(Live live) => live.Item.Item.TimestampPath is { } path && !live.IsRepeat ? _offers.Record(live, path) : null;

    private void Fill(SessionStart start)
    {
        SetMetadata(MetadataKind.Start, Stamp(start.At));
        SetMetadata(MetadataKind.End, Stamp(start.At));
        SetMetadata(MetadataKind.Today, start.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        SetMetadata(MetadataKind.Username, start.Username);
        SetMetadata(MetadataKind.DeviceId, start.DeviceId);
        foreach (var item in Program.Items)
        {
            if (item.Question is not null && start.Known.TryGetValue(item.Path, out var known) | start.Known.TryGetValue(item.Item.Name, out var named))
            {
                foreach (var live in _values.Of(item))
                    _values.Set(live, known ?? named ?? "");
            }
        }
    }

    private void SetMetadata(MetadataKind kind, string value)
    {
        foreach (var item in Program.Metadata(kind))
        {
            foreach (var live in _values.Of(item))
                _values.Set(live, value);
        }
    }

    private FormProblem Problem(string path, ProblemKind kind, string french, string english) => new(path, kind, _texts.Say(french, english));

    private static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
