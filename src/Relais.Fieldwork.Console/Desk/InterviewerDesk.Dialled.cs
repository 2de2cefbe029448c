namespace Relais.Fieldwork.Console.Desk;

/// <summary>Relais calls by itself: the interviewer waits with their headset, and the case comes with the respondent on the line.</summary>
internal sealed partial class InterviewerDesk
{
    private bool _waits;

    /// <summary>What the server says while one waits; null: nothing yet.</summary>
    public CallWait? Wait { get; private set; }

    /// <summary>"here", "elsewhere" or "none".</summary>
    public string WaitVoice => Bridge.VoiceIsHere() ? "here" : Wait?.Voice == "plugged" ? "elsewhere" : "none";

    /// <summary>What the large button does: the headset first.</summary>
    public Task ReadyToTalkAsync()
    {
        if (WaitVoice == "none")
            Bridge.ConnectVoice();
        return Task.CompletedTask;
    }

    /// <summary>Waits for no more calls. One that is on its way for this interviewer may still come: nobody is called for nobody.</summary>
    public async Task LeaveWaitAsync()
    {
        if (Stage != Stage.Waiting || _pausing)
            return;
        _pausing = true;
        Changed?.Invoke();
        await ServerCalls.LeaveAsync();
    }

    public bool LeavesWait => _pausing;

    private void WaitForCall()
    {
        (Wait, _pausing) = (null, false);
        Show(Stage.Waiting);
        if (!_waits)
            _ = WaitOnAsync();
    }

    // Each question waits at the server for two seconds at most, and is a sign that somebody is here.
    private async Task WaitOnAsync()
    {
        _waits = true;
        try
        {
            while (Stage == Stage.Waiting)
            {
                var reply = await ServerCalls.WaitAsync();
                if (Stage != Stage.Waiting)
                    return;
                if (reply.Read(WireJson.Default.CallWait) is not { } wait)
                {
                    Notice = Words(reply);
                    Changed?.Invoke();
                    await Task.Delay(Pause, clock);
                    continue;
                }

                (Wait, Notice) = (wait, "");
                Bridge.ShowVoice(WaitVoice);
                if (wait.State == "waiting")
                {
                    Changed?.Invoke();
                    continue;
                }

                if (wait.State == "case")
                    Bridge.Chime();
                if (wait.State == "gone" && _pausing)
                    await ReadyAsync();
                else
                    await NextAsync();
                if (Stage == Stage.Waiting)
                    await Task.Delay(TimeSpan.FromMilliseconds(200), clock);
            }
        }
        finally
        {
            _waits = false;
        }
    }
}
