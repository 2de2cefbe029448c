namespace Relais.Fieldwork.Console.Desk;

/// <summary>While the server does not answer: what was asked for is asked again, until it answers or the interviewer chooses something else.</summary>
internal sealed partial class InterviewerDesk
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private TaskCompletionSource? _other;
    private TaskCompletionSource _paused = new();
    private int _turn;

    private static bool IsAway(Reply reply) => reply.Status is 0 or >= 500;

    /// <summary>Asks until there is an answer. What is asked carries an id or may be asked twice.</summary>
    /// <exception cref="OperationCanceledException">The interviewer chose something else meanwhile.</exception>
    private async Task<Reply> AnswerToAsync(Func<Task<Reply>> ask)
    {
        while (true)
        {
            var reply = await ask();
            if (!IsAway(reply))
                return reply;
            (Notice, Busy, _other) = (Text["Offline"], false, new TaskCompletionSource());
            Stage = Stage == Stage.Ended ? Stage.Ready : Stage;
            Changed?.Invoke();
            _paused.TrySetResult();
            var (other, turn) = (_other.Task, _turn);
            if (await Task.WhenAny(other, Task.Delay(Pause, clock)) == other || turn != _turn)
                throw new OperationCanceledException();
            (Busy, _other) = (true, null);
        }
    }

    // One thing at a time: a key that comes while the server is being asked is not taken. In the pause between two tries it is: so this comes back at the first.
    private async Task OnceAsync(Func<Task> work)
    {
        if (Busy)
            return;
        Busy = true;
        var turn = ++_turn;
        _other?.TrySetResult();
        (_other, _paused) = (null, new TaskCompletionSource());
        Changed?.Invoke();
        var done = RunAsync(work, turn);
        if (await Task.WhenAny(done, _paused.Task) == done)
            await done;
    }

    private async Task RunAsync(Func<Task> work, int turn)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (turn != _turn)
        {
            // Something else was chosen.
        }
        finally
        {
            if (turn == _turn)
                Busy = false;
            Changed?.Invoke();
        }
    }

    private async Task LookForServerAsync()
    {
        while (Stage == Stage.Ready && Work is null)
        {
            await Task.Delay(Pause, clock);
            if (Stage != Stage.Ready || Busy || Work is not null || (await ServerCalls.MineAsync(Settings.Offset)).Read(WireJson.Default.MyWork) is not { } work)
                continue;
            (Work, Notice) = (work, "");
            Changed?.Invoke();
        }
    }
}
