namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>A question that a script came to.</summary>
/// <param name="Given">What the script gave; null when it gave nothing.</param>
/// <param name="Stored">What is stored now.</param>
/// <param name="Confirmed">Doubts that were confirmed.</param>
public sealed record ScriptLine(ScreenQuestion Question, string? Given, string Stored, IReadOnlyList<FormProblem> Confirmed);

/// <summary>Walks an interview with answers that are given beforehand, from the first screen to the end.</summary>
public static class FormScript
{
    /// <summary>Most screens of one walk: a questionnaire that never ends is given up.</summary>
    public const int MostScreens = 20_000;

    /// <summary>Walks until the end, or until an answer is missing or refused.</summary>
    /// <param name="answer">The answer to a question, or null for none.</param>
    /// <param name="passes">How many times round an open repeat, given its path.</param>
    /// <param name="seen">Told each question in turn, notes too.</param>
    /// <returns>What stopped it, with the question's path; null at the end.</returns>
    public static FormProblem? Walk(FormSession session, Func<ScreenQuestion, string?> answer, Func<string, int> passes, Action<ScriptLine> seen)
    {
        var at = session.Begun.At;
        for (var screens = 0; screens < MostScreens && !session.IsAtEnd; screens++)
        {
            at = at.AddSeconds(1);
            var screen = session.Screen();
            if (screen.Kind == ScreenKind.AnotherPass && screen.Passes < passes(screen.Key))
            {
                if (session.AddPass(screen.Key, at) is { Accepted: false } full)
                    return full.Problems[0];
                GoToPass(session, screen, at);
                continue;
            }

            var given = new Dictionary<string, string?>(StringComparer.Ordinal);
            if (Fill(session, answer, given, at) is { } refused)
                return refused;
            var shown = session.Screen().Questions;
            var confirmed = new List<FormProblem>();
            var result = session.Next(at);
            while (!result.Accepted)
            {
                if (result.Problems.FirstOrDefault(problem => !problem.CanBeConfirmed) is { } wrong)
                    return wrong;
                foreach (var doubt in result.Problems)
                {
                    confirmed.Add(doubt);
                    session.Confirm(doubt.Path, at);
                }

                result = session.Next(at);
            }

            foreach (var question in shown)
                seen(new ScriptLine(question, given.GetValueOrDefault(question.Path), session.Value(question.Path), [.. confirmed.Where(problem => problem.Path == question.Path)]));
        }

        return session.IsAtEnd ? null : new FormProblem(session.Screen().Key, ProblemKind.Repeat, $"The questionnaire does not end after {MostScreens} screens.");
    }

    // The first question of the time round that was just added.
    private static void GoToPass(FormSession session, FormScreen prompt, DateTimeOffset at)
    {
        var pass = FormattableString.Invariant($"{prompt.Key}[{prompt.Passes + 1}]");
        if (session.ScreenKeys().FirstOrDefault(key => key == pass || key.StartsWith($"{pass}/", StringComparison.Ordinal)) is { } first)
            session.JumpTo(first, at);
    }

    // An answer may show further questions of the same screen.
    private static FormProblem? Fill(FormSession session, Func<ScreenQuestion, string?> answer, Dictionary<string, string?> given, DateTimeOffset at)
    {
        while (session.Screen().Questions.FirstOrDefault(question => !given.ContainsKey(question.Path)) is { } question)
        {
            var value = question.IsReadOnly ? null : answer(question);
            given[question.Path] = value;
            if (value is not null && session.Answer(question.Path, value, at) is { Accepted: false } refused)
                return refused.Problems[0];
        }

        return null;
    }
}
