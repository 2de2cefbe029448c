using System.Diagnostics;
using Relais.Fieldwork.Console.Questions;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>While the respondent answers.</summary>
internal sealed partial class InterviewerDesk
{
    private TaskCompletionSource? _sent;
    private double _stepMilliseconds;

    public Panel Panel { get; private set; }

    /// <summary>Doubts of a soft check that wait for a confirmation.</summary>
    public IReadOnlyList<FormProblem> Doubts { get; private set; } = [];

    public IReadOnlyList<FormProblem> Problems { get; private set; } = [];

    public void Open(Panel panel)
    {
        Panel = panel;
        Changed?.Invoke();
    }

    /// <summary>Stores what stands in a question, and shows at once what is wrong with it.</summary>
    public async Task<bool> AnswerAsync(QuestionEntry entry)
    {
        if (Interview is not { } interview)
            return false;
        var value = entry.Value;
        if (value != interview.Session.Value(entry.Path))
        {
            var result = Timed(() => interview.Session.Answer(entry.Path, value, Now));
            (Problems, Doubts) = (result.Problems, []);
            if (!result.Accepted)
            {
                Changed?.Invoke();
                return false;
            }

            await interview.KeepAsync();
        }

        Problems = [];
        Changed?.Invoke();
        return true;
    }

    /// <summary>A key chose something: one choice is stored at once, several when the interviewer goes on.</summary>
    public Task PressedAsync(QuestionEntry entry)
    {
        if (entry.TakesOne)
            return AnswerAsync(entry);
        Redraw();
        return Task.CompletedTask;
    }

    /// <summary>What was typed of the day before is taken; each stretch is stored at once.</summary>
    public async Task EnterDayAsync(QuestionEntry entry)
    {
        switch (entry.Day?.Enter())
        {
            case DayDone.Changed:
                await AnswerAsync(entry);
                break;
            case DayDone.Finished:
                await ForwardAsync();
                break;
            default:
                Redraw();
                break;
        }
    }

    public void Redraw() => Changed?.Invoke();

    /// <summary>Goes on: to the next question of the screen, else to the next screen. A doubt is confirmed by going on a second time.</summary>
    public Task ForwardAsync() => OnceAsync(async () =>
    {
        if (Interview is not { } interview || Screen is not { } screen)
            return;
        if (screen.Shown.Kind == ScreenKind.End)
        {
            await CompleteAsync();
            return;
        }

        if (screen.Active is { } entry && !await AnswerAsync(entry))
            return;
        if (screen.MoveOn())
        {
            Changed?.Invoke();
            return;
        }

        foreach (var doubt in Doubts)
            interview.Session.Confirm(doubt.Path, Now);
        var result = Timed(() => interview.Session.Next(Now));
        Doubts = [.. result.Problems.Where(p => p.CanBeConfirmed)];
        Problems = result.Problems;
        await interview.KeepAsync();
        if (result.Accepted)
            Refresh();
        else
            screen.Show(result.Problems[0].Path);
    });

    public Task BackAsync() => OnceAsync(async () =>
    {
        if (Interview is not { } interview || Screen is not { } screen || screen.MoveBack())
            return;
        interview.Session.Back(Now);
        await interview.KeepAsync();
        Refresh();
    });

    /// <summary>Goes round a repeat once more.</summary>
    public Task AnotherPassAsync() => OnceAsync(async () =>
    {
        if (Interview is not { } interview || Screen is not { Shown: { Kind: ScreenKind.AnotherPass } shown })
            return;
        var result = interview.Session.AddPass(shown.Key, Now);
        Problems = result.Problems;
        if (result.Accepted)
            interview.Session.Next(Now);
        await interview.KeepAsync();
        Refresh();
    });

    public Task SwitchLanguageAsync(string language) => OnceAsync(async () =>
    {
        if (Interview is not { } interview)
            return;
        interview.Session.SwitchLanguage(language, Now);
        await interview.KeepAsync();
        Panel = Panel.None;
        Refresh();
    });

    public Task CommentAsync(string remark) => OnceAsync(async () =>
    {
        if (Interview is not { } interview || Screen?.Active is not { } entry)
            return;
        interview.Session.Comment(entry.Path, remark, Now);
        await interview.KeepAsync();
        Panel = Panel.None;
        Refresh();
    });

    // An answer may ask to be called again: when, the respondent says now.
    private Task CompleteAsync() => ChooseOutcomeAsync(Screen?.Shown.Disposition ?? "complete");

    /// <summary>Ends the interview with an outcome. It is decided here and now; the server is told as soon as it has all answers.</summary>
    public async Task EndAsync(string outcome, CallWish? wish, string? comment)
    {
        if (Interview is not { } interview)
            return;
        if (Training)
        {
            EndExercise(outcome, wish);
            return;
        }

        var ending = new EndRequest(Guid.NewGuid(), interview.Fence, interview.Last, outcome, wish, comment);
        await interview.EndAsync(ending);
        Panel = Panel.None;
        Show(Stage.Ending);
        _ = EndWhenSentAsync(ending);
    }

    private async Task EndWhenSentAsync(EndRequest ending)
    {
        while (Stage == Stage.Ending && Interview is { } interview)
        {
            if (interview.Unsent == 0)
            {
                var reply = await ServerCalls.EndAsync(interview.Id, ending);
                if (reply.Read(WireJson.Default.Closed) is { } closed)
                {
                    Bridge.StopSending();
                    await interview.ForgetAsync();
                    (Last, Held, Interview, Screen) = (closed, null, null, null);
                    Show(Stage.Ended);
                    return;
                }

                if (await RefusedAsync(interview, reply))
                    return;
            }

            _sent = new TaskCompletionSource();
            await Task.WhenAny(_sent.Task, Task.Delay(TimeSpan.FromSeconds(2), clock));
        }
    }

    // What a console can still put right goes back to the questions; what it cannot is said.
    private async Task<bool> RefusedAsync(RunningInterview interview, Reply reply)
    {
        Notice = Words(reply);
        if (reply.Status is 0 or >= 500 or 401 or 403)
        {
            Changed?.Invoke();
            return false;
        }

        if (reply.Status == 409)
        {
            Show(Stage.Lost);
            return true;
        }

        await interview.EndAsync(null);
        if (interview.Session.Problems() is [var first, ..])
            interview.Session.JumpTo(first.Path, Now);
        Refresh();
        Show(Stage.Asking);
        return true;
    }

    private void Refresh()
    {
        (Problems, Doubts) = ([], []);
        Screen = Interview is { } interview ? Timed(() => new AnswerScreen(interview.Session.Screen(), interview.Session.Program.Form)) : null;
        Bridge.Stepped(_stepMilliseconds);
        _stepMilliseconds = 0;
        Changed?.Invoke();
    }

    // What the engine of forms takes from an answer to the next question: the browser's tools show it as relais-step.
    private T Timed<T>(Func<T> work)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = work();
        _stepMilliseconds += Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return result;
    }
}
