using System.Runtime.Versioning;
using System.Text.Json;
using Relais.Fieldwork.Console.Questions;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>What the interviewer has before them, and what they do. Answers are on this computer's disk before the next question shows.</summary>
[SupportedOSPlatform("browser")]
internal sealed partial class InterviewerDesk(TimeProvider clock)
{
    private Guid? _command;
    private bool _watching;

    /// <summary>Something to draw again.</summary>
    public Action? Changed { get; set; }

    public DeskSettings Settings { get; private set; } = new("", "", "fr", 0);

    public ConsoleTexts Text { get; private set; } = new("fr");

    public Stage Stage { get; private set; }

    public MyWork? Work { get; private set; }

    public HeldCase? Held { get; private set; }

    public RunningInterview? Interview { get; private set; }

    public AnswerScreen? Screen { get; private set; }

    public Delivery Delivery { get; private set; } = new("sent", 0, "", false);

    /// <summary>Something to tell the interviewer, in their language; empty for nothing.</summary>
    public string Notice { get; private set; } = "";

    /// <summary>What the last call ended as.</summary>
    public Closed? Last { get; private set; }

    public bool Busy { get; private set; }

    /// <summary>The interviewer's own clock.</summary>
    public DateTime LocalNow => Now.DateTime;

    private DateTimeOffset Now => clock.GetUtcNow().ToOffset(TimeSpan.FromMinutes(Settings.Offset));

    public async Task OpenAsync(bool take)
    {
        Settings = JsonSerializer.Deserialize(Bridge.Settings(), WireJson.Default.DeskSettings) ?? Settings;
        Text = new ConsoleTexts(Settings.Language);
        if (!await Bridge.HaveConsoleAsync(take, Stolen))
        {
            Show(Stage.OtherTab);
            return;
        }

        if (await RunningInterview.FindAsync(Settings.Person) is { } interview)
            Ask(interview);
        else
            await ReadyAsync();
        if (!_watching)
        {
            _watching = true;
            _ = SignOftenAsync();
            _ = WatchLineAsync();
        }
    }

    /// <summary>Between two calls, on purpose.</summary>
    public Task PauseAsync()
    {
        _pausing = true;
        return ReadyAsync();
    }

    /// <summary>Between two calls: what is in hand, and the count of the day.</summary>
    public async Task ReadyAsync()
    {
        await LeaveLineAsync();
        (Held, Interview, Screen, Last, Notice) = (null, null, null, null, "");
        Work = (await ServerCalls.MineAsync(Settings.Offset)).Read(WireJson.Default.MyWork);
        Show(Stage.Ready);
        if (Work is null)
            _ = LookForServerAsync();
    }

    /// <summary>The next case, or again the one that waits for this person.</summary>
    public Task NextAsync() => OnceAsync(async () =>
    {
        (Last, Panel, _pausing, Trainings) = (null, Panel.None, false, null);
        if (Training)
        {
            NextExercise();
            return;
        }

        await LeaveLineAsync();
        // The same wish until it is answered: a lost answer must not take two cases.
        _command ??= Guid.NewGuid();
        var command = _command.Value;
        var reply = await AnswerToAsync(() => ServerCalls.NextAsync(command));
        Stage = Stage.Ready;
        if (reply.Status != 200)
        {
            Notice = Words(reply);
            return;
        }

        _command = null;
        var next = reply.Read(WireJson.Default.NextCase);
        if (next is { Case: null, Why: "wait" })
        {
            Notice = "";
            WaitForCall();
            return;
        }

        if (next?.Case is not { } held)
        {
            Notice = ConsoleTexts.Has($"Why.{next?.Why}") ? Text[$"Why.{next?.Why}"] : Text["Why.no-case"];
            if (next?.Next is { } at)
                Notice += " " + Text["Why.Next", Moments.Say(Text.Language, at.ToOffset(TimeSpan.FromMinutes(Settings.Offset)))];
            return;
        }

        (Held, Notice) = (held, "");
        // Who dials decides what the screen shows.
        await LookAtLineAsync();
        Show(Stage.Calling);
        _ = WatchCallAsync(held);
    });

    /// <summary>The respondent agrees, or goes on.</summary>
    public Task BeginAsync() => OnceAsync(async () =>
    {
        if (Held is not { } held)
            return;
        if (_exercise is { } exercise)
        {
            await BeginExerciseAsync(held, exercise);
            return;
        }

        var reply = await AnswerToAsync(() => ServerCalls.BeginAsync(new BeginRequest(held.Case, held.Fence, Settings.Offset, held.Language)));
        if (reply.Read(WireJson.Default.Begun) is not { } begun)
        {
            Refuse(reply);
            return;
        }

        if (await RunningInterview.ProgramAsync(begun.Questionnaire) is not { } program)
        {
            Notice = Text["Offline"];
            return;
        }

        var interview = RunningInterview.From(begun, held, Settings.Person, program);
        await interview.KeepAllAsync();
        Ask(interview);
    });

    /// <summary>The call ended before anything was asked.</summary>
    public Task CloseAsync(string outcome, CallWish? wish = null, string? comment = null) => OnceAsync(async () =>
    {
        if (Held is not { } held)
            return;
        if (Training)
        {
            EndExercise(outcome, wish);
            return;
        }

        _command ??= Guid.NewGuid();
        var request = new CloseRequest(_command.Value, held.Fence, outcome, wish, comment);
        var reply = await AnswerToAsync(() => ServerCalls.CloseCaseAsync(held.Case, request));
        if (reply.Read(WireJson.Default.Closed) is not { } closed)
        {
            Refuse(reply);
            return;
        }

        _command = null;
        ForgetCall();
        (Last, Held) = (closed, null);
        Show(Stage.Ended);
    });

    /// <summary>What is unsent is given up after it was shown: the interview goes on elsewhere.</summary>
    public async Task GiveUpAsync()
    {
        Bridge.StopSending();
        if (Interview is { } interview)
            await interview.ForgetAsync();
        await ReadyAsync();
    }

    private void Ask(RunningInterview interview)
    {
        (Interview, Notice, Panel) = (interview, "", Panel.None);
        Delivery = new Delivery("sending", interview.Acknowledged, "", false);
        Bridge.Send(interview.Id.ToString(), interview.Fence, interview.Acknowledged, Delivered);
        if (interview.State.Ending is { } ending)
        {
            Show(Stage.Ending);
            _ = EndWhenSentAsync(ending);
            return;
        }

        Refresh();
        Show(Stage.Asking);
    }

    private void Delivered(string delivery)
    {
        if (Interview is not { } interview || JsonSerializer.Deserialize(delivery, WireJson.Default.Delivery) is not { } told)
            return;
        Delivery = told;
        interview.Acknowledged = Math.Max(interview.Acknowledged, told.Acknowledged);
        if (told.State == "lost" && Stage is Stage.Asking or Stage.Ending)
            Show(Stage.Lost);
        else
            Changed?.Invoke();
        _sent?.TrySetResult();
    }

    // Before an interview begins, a sign of life keeps the case.
    private async Task WatchCallAsync(HeldCase held)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), clock);
        while (await timer.WaitForNextTickAsync() && Stage == Stage.Calling && Held == held)
        {
            var reply = await ServerCalls.KeepCaseAsync(held);
            if (Stage != Stage.Calling || Held != held)
                return;
            Notice = reply.Status != 200 ? Words(reply) : Notice == Text["Offline"] ? "" : Notice;
            Show(reply.Status == 409 ? Stage.Lost : Stage.Calling);
        }
    }

    private void Stolen()
    {
        Bridge.StopSending();
        Show(Stage.OtherTab);
    }

    private void Refuse(Reply reply)
    {
        Notice = Words(reply);
        if (reply.Status == 409)
        {
            _command = null;
            Show(Stage.Lost);
        }
        else if (reply.Status is >= 400 and < 500)
        {
            _command = null;
        }
    }

    private string Words(Reply reply)
    {
        var name = reply.Why().Name;
        return reply.Status switch
        {
            0 or >= 500 => Text["Offline"],
            401 or 403 => Text["SignedOut"],
            _ when ConsoleTexts.Has($"Refused.{name}") => Text[$"Refused.{name}"],
            _ => Text["Refused", name.Length > 0 ? name : reply.Status],
        };
    }

    private void Show(Stage stage)
    {
        Stage = stage;
        Changed?.Invoke();
    }
}
