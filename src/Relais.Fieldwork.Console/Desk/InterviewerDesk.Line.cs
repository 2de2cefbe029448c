using System.Diagnostics;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>The telephone: Relais places the call of the case in hand, and the server says where it stands.</summary>
internal sealed partial class InterviewerDesk
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SecondPressWithin = TimeSpan.FromSeconds(4);

    private CaseLine? _line;
    private long _lineCase;
    private long _lineAt;
    private long _armedAt;
    private bool _looking;
    private int _tick;

    /// <summary>Whether Relais calls the case in hand, rather than the interviewer on a telephone of their own.</summary>
    public bool Dials => !Training && _line is { Mode: "preview", Voice: not "impossible" };

    /// <summary>Whether Relais would call, and no line is open: the interviewer dials meanwhile.</summary>
    public bool LineClosed => !Training && _line is { Mode: "closed", Voice: not "impossible" };

    /// <summary>The call of the case in hand, or of the one whose end was just recorded; null: none.</summary>
    public CaseCall? Call => !Training && _line?.Call is { } call && call.Case == _lineCase ? call : null;

    public bool OnLine => Call is { Stage: not "ended" };

    /// <summary>"here", "elsewhere" (another tab or computer of the same person) or "none".</summary>
    public string Voice => Bridge.VoiceIsHere() ? "here" : _line?.Voice == "plugged" ? "elsewhere" : "none";

    /// <summary>The outcome that the end of the call says; null: it says nothing of the case.</summary>
    public string? Proposed => Stage == Stage.Calling && Call is { Stage: "ended", Proposed: { } proposed } ? proposed : null;

    /// <summary>During an interview a first press asks for a second one: nobody hangs up on a respondent by accident.</summary>
    public bool HangUpArmed => _armedAt != 0 && Stopwatch.GetElapsedTime(_armedAt) < SecondPressWithin;

    /// <summary>Since the call stands where it stands; how long it was spoken, once it is over.</summary>
    public int CallSeconds => Call is { } call ? (int)(call.Seconds + (call.Stage == "ended" ? 0 : Stopwatch.GetElapsedTime(_lineAt).TotalSeconds)) : 0;

    /// <summary>Calls the number that stands first, or another one of the case.</summary>
    /// <param name="position">Null: the one that was called last, else the first.</param>
    public Task PlaceAsync(int? position = null) => OnceAsync(async () =>
    {
        var (id, fence) = Held is { } held ? (held.Case, held.Fence) : Interview is { } interview ? (interview.State.Case, interview.Fence) : (0, 0);
        if (id == 0 || !Dials || OnLine)
            return;
        if (Voice == "none")
        {
            Bridge.ConnectVoice();
            return;
        }

        Notice = "";
        var reply = await ServerCalls.PlaceAsync(id, new PlaceRequest(fence, position));
        if (reply.Read(WireJson.Default.CaseLine) is { } line)
            Take(id, line);
        else if (reply.Why().Name == "case-lost")
            Refuse(reply);
        else
            Notice = Words(reply);
    });

    /// <summary>One key: gives up before the answer, or ends the call; during an interview twice; where the line is cut there, calls again.</summary>
    public async Task HangUpKeyAsync()
    {
        if (!OnLine)
        {
            if (Stage == Stage.Asking && Call is not null)
                await PlaceAsync();
            return;
        }

        if (Stage == Stage.Asking && !HangUpArmed)
        {
            _armedAt = Stopwatch.GetTimestamp();
            Changed?.Invoke();
            return;
        }

        await HangUpAsync();
    }

    public async Task HangUpAsync()
    {
        _armedAt = 0;
        if (!OnLine)
            return;
        await ServerCalls.HangUpAsync(_lineCase);
        await LookAtLineAsync();
    }

    // As long as the console is open; often while something may change.
    private async Task WatchLineAsync()
    {
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync())
        {
            if (Training || Stage is Stage.Opening or Stage.OtherTab or Stage.Ready or Stage.Lost)
                continue;
            var moving = Call is { Stage: not ("ended" or "answered") };
            if (moving || ++_tick % 3 == 0)
                await LookAtLineAsync();
            else if (OnLine)
                Changed?.Invoke();
        }
    }

    private async Task LookAtLineAsync()
    {
        var id = Held?.Case ?? Interview?.State.Case ?? _lineCase;
        if (_looking || id == 0)
            return;
        _looking = true;
        try
        {
            if ((await ServerCalls.LineAsync(id)).Read(WireJson.Default.CaseLine) is { } line)
                Take(id, line);
        }
        finally
        {
            _looking = false;
        }
    }

    private void Take(long id, CaseLine line)
    {
        // Once its end is recorded the case is nobody's, and its call is only known as long as it goes on.
        if (Stage == Stage.Ended && line.Call is null && Call is { } over)
            line = line with { Call = over with { Stage = "ended" } };
        (_line, _lineCase, _lineAt) = (line, id, Stopwatch.GetTimestamp());
        // It answers again.
        if (Notice == Text["Offline"])
            Notice = "";
        Bridge.ShowVoice(Dials || OnLine ? Voice : "");
        Changed?.Invoke();
    }

    // The next respondent has a line of their own.
    private async Task LeaveLineAsync()
    {
        if (OnLine)
            await ServerCalls.HangUpAsync(_lineCase);
        ForgetCall();
    }

    private void ForgetCall() => (_line, _lineCase, _armedAt) = (_line is null ? null : _line with { Call = null }, 0, 0);
}
