using System.Globalization;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>A record put back into an interview, to see what it makes of it.</summary>
public sealed partial class FormSession
{
    internal static IReadOnlyList<FormProblem> Check(
        FormProgram program, SessionStart start, DateTimeOffset changed, Dictionary<string, string> answers, Dictionary<string, string> passes, IReadOnlyList<string> confirmed)
    {
        var session = new FormSession(program, start);
        session._values.Context.Now = changed;
        session._last = changed;
        var problems = new List<FormProblem>();
        foreach (var path in answers.Keys)
        {
            if (program.Find(WithoutPositions(path)) is { Calculation: { } computed } && computed.References("/").IsVolatile)
                session._values.Keep(path);
        }

        // Times round first, outer ones before inner ones: their questions must be there to be answered.
        foreach (var (path, count) in passes.OrderBy(pair => pair.Key.Count(c => c == '/')).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            session.Grow(path, count);
        foreach (var (path, value) in answers)
            session.Put(path, value, problems);
        session._values.Settle();
        session.TakeBackDefaults(answers);
        foreach (var live in confirmed.Select(session.Find).OfType<Live>())
            session._checks.ConfirmAsItIs(live);
        session.Compare(answers, problems);
        problems.AddRange(session.Problems());
        return problems;
    }

    private void Grow(string path, string count)
    {
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || Find(path) is not { IsRepeat: true } repeat)
            return;
        if (repeat.Item.Count is not null && !IsLazy(repeat))
            return;
        while (repeat.Passes < wanted && _values.AddPass(repeat))
            _values.Settle();
    }

    // Answers and what was known beforehand are put in; what is computed must come out by itself.
    private void Put(string path, string value, List<FormProblem> problems)
    {
        if (Find(path) is not { Item.Question: not null } live)
        {
            _values.Settle();
            live = Find(path);
        }

        if (live is not { Item.Question: { } question })
        {
            problems.Add(Problem(path, ProblemKind.NotAsked, "Cette question n'existe pas dans cet entretien.", "There is no such question in this interview."));
            return;
        }

        if (live.Item.IsAsked || live.Item.OrderOf is null && question.Calculation is null || _values.IsKept(path))
            _values.Set(live, value);
    }

    // A default that was taken back is not in the record, and must not come back from the form.
    private void TakeBackDefaults(Dictionary<string, string> answers)
    {
        foreach (var live in Values.Top.SelectMany(top => top.Below()).Where(live => live.Item.IsAsked && live.Node.Text.Length > 0).ToList())
        {
            if (!answers.ContainsKey(live.Node.Path()))
                _values.Set(live, "");
        }

        _values.Settle();
    }

    private void Compare(Dictionary<string, string> answers, List<FormProblem> problems)
    {
        var reached = Steps().SelectMany(step => step.Questions).ToHashSet();
        foreach (var (path, value) in answers)
        {
            if (Find(path) is not { } live)
                continue;
            if (!InRecord(live, reached))
                problems.Add(Problem(path, ProblemKind.NotAsked, "Cette question n'est pas posée dans cet entretien.", "This question is not asked in this interview."));
            else if (live.Node.Text != value)
                problems.Add(Problem(path, ProblemKind.NotComputed, $"Le questionnaire donne « {live.Node.Text} ».", $"The form gives \"{live.Node.Text}\"."));
        }

        foreach (var live in Values.Top.SelectMany(top => top.Below()))
        {
            if (InRecord(live, reached) && !answers.ContainsKey(live.Node.Path()) && (live.Item.Calculation is not null || live.Item.OrderOf is not null))
                problems.Add(Problem(live.Node.Path(), ProblemKind.NotComputed, $"Le questionnaire donne « {live.Node.Text} ».", $"The form gives \"{live.Node.Text}\"."));
        }
    }
}
