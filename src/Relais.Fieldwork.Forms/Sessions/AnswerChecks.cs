using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Listening;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>What is wrong with an answer, or with its absence.</summary>
internal sealed class AnswerChecks(LiveForm values, FormTexts texts, ChoiceOffers offers, FormDefinition form)
{
    private readonly Dictionary<Live, string> _confirmed = [];

    /// <summary>The answer is the one that was confirmed.</summary>
    public bool IsConfirmed(Live live) => live.Node.Text.Length > 0 && _confirmed.GetValueOrDefault(live) == live.Node.Text;

    public FormResult Confirm(Live? live, string path, string value)
    {
        if (live is not { Relevant: true, Item.IsAsked: true } || value.Length == 0 || live.Node.Text != value)
            return FormResult.Refused(new FormProblem(path, ProblemKind.NotAsked, texts.Say("Il n'y a pas ici de réponse à confirmer.", "There is no answer to confirm here.")));
        _confirmed[live] = value;
        return FormResult.Done;
    }

    public void ConfirmAsItIs(Live live) => _confirmed[live] = live.Node.Text;

    /// <summary>An answer is wanted. Not where a filter leaves nothing to choose: the interview could not go on.</summary>
    public bool IsRequired(Live live) =>
        live.Item.Required is { } required && Holds(required, live, "required", otherwise: false) && (live.Item.Question!.Choices is null || offers.For(live).Count > 0);

    public bool IsReadOnly(Live live) => live.Item.ReadOnly is { } readOnly && Holds(readOnly, live, "read_only", otherwise: false);

    /// <summary>From what is typed to what is stored.</summary>
    public ReadAnswer Read(Live live, string typed)
    {
        var question = live.Item.Question!;
        if (question.ListeningDay is not { } day || typed.Trim().Length == 0)
            return AnswerReader.Read(question, typed, offers.For(live), values.Context.Now.Offset);
        if (typed.Length > AnswerReader.Longest)
            return ReadAnswer.Refused(ProblemKind.TooLong, "Le journal est trop long.", "The journal is too long.");
        if (ListeningJournal.Parse(typed, out var why) is not { } journal)
            return new ReadAnswer("", ProblemKind.Unreadable, why);
        why = ListeningChecks.Refusal(journal, day, form);
        return why is null ? ReadAnswer.Of(journal.Write()) : new ReadAnswer("", ProblemKind.Constraint, why);
    }

    /// <summary>Why a value may not be stored: the constraint refuses it. Null when it may.</summary>
    public FormProblem? Refusal(Live live, string value)
    {
        var before = live.Node.Text;
        live.Node.Text = value;
        var refused = Hard(live).FirstOrDefault(problem => problem.Kind != ProblemKind.Missing);
        live.Node.Text = before;
        return refused;
    }

    /// <summary>All that is wrong with a question as it stands.</summary>
    public IEnumerable<FormProblem> Of(Live live)
    {
        if (!live.Relevant || !live.Item.IsAsked)
            return [];
        var hard = Hard(live).ToList();
        return hard.Count > 0 ? hard : Doubts(live);
    }

    private IEnumerable<FormProblem> Hard(Live live)
    {
        var question = live.Item.Question!;
        var path = live.Node.Path();
        if (live.Node.Text.Length == 0)
        {
            if (IsRequired(live) && !IsReadOnly(live))
                yield return new FormProblem(path, ProblemKind.Missing, Message(question.RequiredMessage, live, "Il faut une réponse.", "An answer is needed."));
            yield break;
        }

        var read = Read(live, live.Node.Text);
        if (read.Problem is { } kind)
            yield return new FormProblem(path, kind, texts.Say(read.Why!.French, read.Why.English));
        else if (live.Item.Constraint is { } constraint && !Holds(constraint, live, "constraint", otherwise: true))
            yield return new FormProblem(path, ProblemKind.Constraint, Message(question.ConstraintMessage, live, "Cette réponse n'est pas possible.", "This answer is not possible."));
    }

    private IEnumerable<FormProblem> Doubts(Live live)
    {
        if (live.Node.Text.Length == 0 || IsConfirmed(live))
            yield break;
        if (live.Item.Question!.ListeningDay is { } day && ListeningJournal.Parse(live.Node.Text, out _) is { } journal)
        {
            var before = DateOnly.FromDateTime(values.Context.Now.DateTime).AddDays(-1);
            foreach (var finding in ListeningChecks.Doubts(journal, day, form, before))
                yield return new FormProblem(live.Node.Path(), ProblemKind.Doubtful, texts.Say(finding.Text.French, finding.Text.English));
        }

        foreach (var check in live.Item.Checks)
        {
            if (!Holds(check.Expression, live, "check", otherwise: true))
                yield return new FormProblem(live.Node.Path(), ProblemKind.Doubtful, Message(check.Message, live, "Cette réponse est surprenante : confirmez-la ou changez-la.", "This answer is surprising: confirm it or change it."));
        }
    }

    private string Message(FormText? message, Live live, string french, string english)
    {
        var text = texts.Render(message, live);
        return text.Length > 0 ? text : texts.Say(french, english);
    }

    // An expression without a value must not stop an interview: it is kept among the faults.
    private bool Holds(Expression expression, Live live, string what, bool otherwise)
    {
        var value = values.Watch($"{live.Item.Path} ({what})", expression.Evaluate(values.Context, live.Node));
        return value.IsError ? otherwise : value.ToBoolean();
    }
}
