namespace Relais.Fieldwork.Console.Desk;

/// <summary>What supervisors say, and when the shift ends. It shows above the question and leaves the keyboard where it is.</summary>
internal sealed partial class InterviewerDesk
{
    private static readonly TimeSpan BeforeShiftEnds = TimeSpan.FromMinutes(15);

    private readonly HashSet<long> _read = [];
    private readonly HashSet<long> _toTell = [];
    private bool _pausing;
    private bool _signing;

    /// <summary>Not read yet, the oldest first.</summary>
    public IReadOnlyList<DeskMessage> Messages { get; private set; } = [];

    /// <summary>The oldest message was read: a key does it from anywhere.</summary>
    public void ReadFirst()
    {
        if (Messages is [var first, ..])
            Read(first.Id);
    }

    public void Read(long message)
    {
        _read.Add(message);
        // What the console itself says has no number of the server's.
        if (message > 0)
            _toTell.Add(message);
        Messages = [.. Messages.Where(m => m.Id != message)];
        Changed?.Invoke();
        // Nobody waits for it: the next key must not wait for a network that is away.
        _ = SignAsync();
    }

    // As long as the console is open, also between calls; what was read goes along until the server has it.
    private async Task SignOftenAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), clock);
        do
        {
            if (Stage != Stage.OtherTab)
                await SignAsync();
        }
        while (await timer.WaitForNextTickAsync());
    }

    private async Task SignAsync()
    {
        if (_signing)
            return;
        _signing = true;
        try
        {
            List<long> told = [.. _toTell];
            if ((await ServerCalls.SignAsync(new SignRequest(Doing, told))).Read(WireJson.Default.SignReply) is not { } signed)
                return;
            _toTell.ExceptWith(told);
            List<DeskMessage> fresh = [.. signed.Messages.Where(m => !_read.Contains(m.Id)), .. ShiftEnds(signed.ShiftUntil)];
            if (fresh.Select(m => m.Id).SequenceEqual(Messages.Select(m => m.Id)))
                return;
            Messages = fresh;
            Changed?.Invoke();
        }
        finally
        {
            _signing = false;
        }
    }

    private string Doing => Training ? "training" : Stage is Stage.Calling or Stage.Asking or Stage.Ending ? "call" : _pausing && Stage != Stage.Waiting ? "pause" : "between";

    private IEnumerable<DeskMessage> ShiftEnds(DateTimeOffset? until)
    {
        if (until is { } end && end - clock.GetUtcNow() <= BeforeShiftEnds && !_read.Contains(-end.ToUnixTimeSeconds()))
            yield return new DeskMessage(-end.ToUnixTimeSeconds(), "shift-ends", Clock(end), "", end);
    }

    private string Clock(DateTimeOffset at) => at.ToOffset(TimeSpan.FromMinutes(Settings.Offset)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A message in words, with who sent it and when.</summary>
    public string Say(DeskMessage message) => Text[ConsoleTexts.Has($"Message.{message.Kind}") ? $"Message.{message.Kind}" : "Message.words", message.Text];

    public string From(DeskMessage message) => message.By.Length == 0 ? "" : Text["Message.From", message.By, Clock(message.At)];
}
