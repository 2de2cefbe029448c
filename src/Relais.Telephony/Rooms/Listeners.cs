namespace Relais.Telephony.Rooms;

/// <summary>How a supervisor takes part in a call.</summary>
internal enum ListenMode
{
    Listen,

    /// <summary>Heard by the interviewer, not by the respondent.</summary>
    Whisper,

    /// <summary>Heard by both.</summary>
    Barge,
}

/// <summary>The supervisors in one room, and how they take part. Changed in the phone's turn, read at any time.</summary>
internal sealed class Listeners
{
    private readonly Dictionary<Guid, (ulong Handle, ListenMode Mode)> _all = [];
    private readonly Lock _lock = new();

    public IReadOnlyList<ListenMode> Modes
    {
        get
        {
            lock (_lock)
                return [.. _all.Values.Select(listener => listener.Mode)];
        }
    }

    /// <summary>Seats one, muted.</summary>
    /// <returns>The answer to their browser's offer.</returns>
    public async Task<string> AdmitAsync(Room room, Guid supervisor, string offer, Action<ulong, HandleNews> told, CancellationToken cancel)
    {
        await ShowOutAsync(room, supervisor);
        var (handle, answer) = await room.AdmitAsync(Room.Coach, muted: true, offer, told, cancel);
        Note(supervisor, handle, ListenMode.Listen);
        return answer;
    }

    /// <summary>False where this one does not listen.</summary>
    public async Task<bool> ChangeAsync(Room room, Guid supervisor, ListenMode mode, CancellationToken cancel)
    {
        if (HandleOf(supervisor) is not { } handle)
            return false;
        await room.ChangeAsync(handle, mode is ListenMode.Barge ? Room.Interviewer : Room.Coach, muted: mode is ListenMode.Listen, cancel);
        Note(supervisor, handle, mode);
        return true;
    }

    public ulong? HandleOf(Guid supervisor)
    {
        lock (_lock)
            return _all.TryGetValue(supervisor, out var listener) ? listener.Handle : null;
    }

    /// <param name="room">Null where it is gone, and they with it.</param>
    public async Task ShowOutAsync(Room? room, Guid supervisor)
    {
        ulong handle;
        lock (_lock)
        {
            if (!_all.Remove(supervisor, out var listener))
                return;
            handle = listener.Handle;
        }

        if (room is { Alive: true })
            await room.ShowOutAsync(handle);
    }

    public async Task ShowAllOutAsync(Room? room)
    {
        Guid[] who;
        lock (_lock)
            who = [.. _all.Keys];
        foreach (var supervisor in who)
            await ShowOutAsync(room, supervisor);
    }

    private void Note(Guid supervisor, ulong handle, ListenMode mode)
    {
        lock (_lock)
            _all[supervisor] = (handle, mode);
    }
}
