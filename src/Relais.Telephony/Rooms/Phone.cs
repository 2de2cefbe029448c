using Microsoft.Extensions.Logging;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;

namespace Relais.Telephony.Rooms;

/// <summary>
/// One person's softphone: the room, the browser in it, the respondent of the call under way, and who listens. The browser may die and come back, and so may the room;
/// the call goes on meanwhile, for a while. Everything happens in its turn.
/// </summary>
internal sealed class Phone(RoomServers servers, TrunkLines lines, Announcement announcement, TelephonyOptions options, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Listeners _listeners = new();
    private Room? _room;
    private ulong _browser;
    private bool _up;
    private bool _silent;
    private RespondentSeat? _seat;
    private ITimer? _absence;
    private CancellationTokenSource? _echo;

    /// <summary>Which page of the person's is in the room, or is about to be, by the name that it gave itself; empty for none.</summary>
    public string Page { get; private set; } = "";

    /// <summary>Whether the voice of the browser can flow.</summary>
    public bool Up => _up;

    public RespondentSeat? Seat => _seat;

    /// <summary>Whether a room is kept for this person.</summary>
    public bool HasRoom => _room is not null;

    /// <summary>How those who listen do so.</summary>
    public IReadOnlyList<ListenMode> Listeners => _listeners.Modes;

    /// <summary>Seats a browser; one that sat there before is shown out. JanusException where it could not be.</summary>
    public Task<string> EnterAsync(string page, string offer, CancellationToken cancel) => InTurnAsync(
        async () =>
        {
            if (_room is { Alive: false } or { Janus.Draining: true } && (_seat is null || _room is { Alive: false }))
                await CloseRoomAsync(page);
            // The page before must not find the seat free while this one sits down: it would take it back.
            await ShowOutAsync(page);
            try
            {
                var room = _room ??= await servers.OpenAsync(cancel);
                (_browser, var answer) = await room.AdmitAsync(Room.Interviewer, muted: false, offer, Told, cancel);
                if (_seat is not null)
                    await SitAsync(cancel);
                return answer;
            }
            catch
            {
                Page = "";
                if (_seat is null)
                    await CloseRoomAsync();
                throw;
            }
        },
        cancel);

    /// <summary>The person goes; a call under way waits for them.</summary>
    public Task LeaveAsync() => InTurnAsync(
        async () =>
        {
            await ShowOutAsync();
            await TidyAsync();
            return true;
        },
        CancellationToken.None);

    /// <summary>Seats the respondent of a call; false where the call is not here or no browser is.</summary>
    public Task<bool> BridgeAsync(Guid call, CancellationToken cancel) => InTurnAsync(
        async () =>
        {
            if (lines.VoiceOf(call) is not { } voice)
                return false;
            if (_echo is { } echo)
                await echo.CancelAsync();
            if (_seat is { } old)
                await old.RiseAsync();
            _seat = new RespondentSeat(call, voice, announcement, seat => _ = EndedAsync(seat));
            await SitAsync(cancel);
            // The call may have ended meanwhile.
            if (lines.VoiceOf(call) != voice)
                await EndSeatAsync();
            return _up;
        },
        cancel);

    /// <summary>Lets a supervisor in, muted; null where no call is under way in a room.</summary>
    public Task<string?> ListenAsync(Guid supervisor, string offer, CancellationToken cancel) => InTurnAsync(
        async () =>
        {
            if (_seat is null || _room is not { Alive: true } room)
                return null;
            return await _listeners.AdmitAsync(room, supervisor, offer, (gone, news) => _ = TurnedOffAsync(supervisor, gone, news), cancel);
        },
        cancel);

    /// <summary>False where this supervisor is not in the room.</summary>
    public Task<bool> ChangeAsync(Guid supervisor, ListenMode mode, CancellationToken cancel) =>
        InTurnAsync(async () => _room is { Alive: true } room && await _listeners.ChangeAsync(room, supervisor, mode, cancel), cancel);

    public Task StopAsync(Guid supervisor) => InTurnAsync(
        async () =>
        {
            await _listeners.ShowOutAsync(_room, supervisor);
            return true;
        },
        CancellationToken.None);

    /// <summary>Puts a respondent of the browser's own in the room: says back what it says. Null where that cannot be now.</summary>
    public async Task<EchoTest?> EchoAsync(CancellationToken cancel)
    {
        var (leg, stop) = await InTurnAsync<(RoomLeg?, CancellationTokenSource?)>(
            async () =>
            {
                if (_seat is not null || !_up || _room is not { Alive: true } room)
                    return (null, null);
                if (_echo is { } before)
                    await before.CancelAsync();
                _echo = new CancellationTokenSource();
                return (await RoomLeg.JoinAsync(room, cancel), _echo);
            },
            cancel);
        return leg is null || stop is null ? null : new EchoTest(leg, stop.Token);
    }

    /// <summary>The room is gone with its server.</summary>
    public Task LostAsync(JanusClient janus) => InTurnAsync(
        async () =>
        {
            if (_room?.Janus == janus && !_room.Alive)
                await CloseRoomAsync();
            return true;
        },
        CancellationToken.None);

    /// <summary>An idle room on a server that is about to go makes way; its browser comes back to another one.</summary>
    public Task MakeWayAsync() => InTurnAsync(
        async () =>
        {
            if (_seat is null && _room is { Janus.Draining: true })
                await CloseRoomAsync();
            return true;
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await InTurnAsync(
            async () =>
            {
                await EndSeatAsync();
                await CloseRoomAsync();
                return true;
            },
            CancellationToken.None);
        _absence?.Dispose();
        _echo?.Dispose();
        _turn.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Told(ulong handle, HandleNews news) => _ = InTurnAsync(
        async () =>
        {
            if (handle != _browser)
                return false;
            switch (news)
            {
                case HandleNews.Up:
                    _up = true;
                    break;
                case HandleNews.Silent or HandleNews.Heard:
                    _silent = news is HandleNews.Silent;
                    break;
                default:
                    await ShowOutAsync();
                    await TidyAsync();
                    break;
            }

            Attend();
            return true;
        },
        CancellationToken.None);

    private Task EndedAsync(RespondentSeat seat) => InTurnAsync(
        async () =>
        {
            if (_seat == seat)
                await EndSeatAsync();
            return true;
        },
        CancellationToken.None);

    private Task TurnedOffAsync(Guid supervisor, ulong handle, HandleNews news) => InTurnAsync(
        async () =>
        {
            if (news is HandleNews.Gone && _listeners.HandleOf(supervisor) == handle)
                await _listeners.ShowOutAsync(_room, supervisor);
            return true;
        },
        CancellationToken.None);

    // The respondent into the room, where there is one.
    private async Task SitAsync(CancellationToken cancel)
    {
        if (_seat is { Seated: false } seat && _room is { Alive: true } room)
        {
            try
            {
                seat.Sit(await RoomLeg.JoinAsync(room, cancel));
            }
            catch (JanusException e)
            {
                TelephonyLog.RoomsGone(log, room.Janus.Server.Address, e);
            }
        }

        Attend();
    }

    // The respondent waits with the announcement while the interviewer's voice is away, and not for ever.
    private void Attend()
    {
        var waits = _seat is not null && (!_up || _silent || !_seat.Seated);
        if (_seat is { } seat)
        {
            seat.Away = waits;
            if (waits)
                _absence ??= clock.CreateTimer(_ => lines.End(seat.Call, CallEnd.VoiceLost), null, options.WaitForVoice, Timeout.InfiniteTimeSpan);
        }

        if (!waits)
        {
            _absence?.Dispose();
            _absence = null;
        }
    }

    private async Task EndSeatAsync()
    {
        if (_seat is { } seat)
        {
            _seat = null;
            await seat.RiseAsync();
        }

        await _listeners.ShowAllOutAsync(_room);
        Attend();
        await TidyAsync();
    }

    // Without a browser and a call there is no need of a room; nor on a server that is about to go, where the browser finds another one.
    private async Task TidyAsync()
    {
        if (_seat is null && (_browser == 0 || _room is { Janus.Draining: true }))
            await CloseRoomAsync();
        else
            Attend();
    }

    /// <param name="next">The page that takes the seat.</param>
    private async Task ShowOutAsync(string next = "")
    {
        var browser = _browser;
        (_browser, _up, _silent, Page) = (0, false, false, next);
        if (browser != 0 && _room is { Alive: true } room)
            await room.ShowOutAsync(browser);
    }

    private async Task CloseRoomAsync(string next = "")
    {
        if (_echo is { } echo)
            await echo.CancelAsync();
        if (_seat is { } seat)
            await seat.RiseAsync();
        await _listeners.ShowAllOutAsync(_room);
        await ShowOutAsync(next);
        if (_room is { } room)
            await room.CloseAsync();
        _room = null;
        Attend();
    }
}
