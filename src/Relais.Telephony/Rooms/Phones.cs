using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Telephony.Lines;

namespace Relais.Telephony.Rooms;

/// <summary>
/// The interviewers' softphones on this node: a room each, which only this server knows how to enter. A browser gives its WebRTC offer and gets an answer, and
/// nothing else of Janus: no address of its interface, no number of a room, no secret.
/// </summary>
internal sealed class Phones : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Phone> _phones = new();
    private readonly ConcurrentDictionary<Guid, Phone> _listening = new();
    private readonly RoomServers _servers;
    private readonly Func<Phone> _make;

    public Phones(RoomServers servers, TrunkLines lines, IOptions<TelephonyOptions> options, TimeProvider clock, ILogger<Phones> log)
    {
        _servers = servers;
        var announcement = Announcement.Load(options.Value.HoldAnnouncement);
        _make = () => new Phone(servers, lines, announcement, options.Value, clock, log);
        servers.Lost = janus =>
        {
            foreach (var phone in _phones.Values)
                _ = phone.LostAsync(janus);
        };
    }

    /// <summary>Whether this node has rooms at all.</summary>
    public bool IsSet => _servers.All.Count > 0;

    /// <summary>Whether a person's voice is in their room.</summary>
    public bool IsIn(Guid person) => _phones.GetValueOrDefault(person)?.Up == true;

    /// <summary>A person's softphone; null for who never had one here.</summary>
    public Phone? Of(Guid person) => _phones.GetValueOrDefault(person);

    /// <summary>Seats a browser in its person's room; a browser that sat there before is shown out.</summary>
    /// <param name="page">The name that the page gave itself, to know itself again.</param>
    /// <param name="offer">The browser's session description, with all its candidates.</param>
    /// <returns>The answer. JanusException where it could not be.</returns>
    public Task<string> EnterAsync(Guid person, string page, string offer, CancellationToken cancel) => Make(person).EnterAsync(page, offer, cancel);

    /// <summary>Seats the respondent of a call in the room of who placed it. Where the browser is not there the respondent waits for it.</summary>
    /// <returns>False where the interviewer's voice is not there.</returns>
    public Task<bool> BridgeAsync(Guid person, Guid call, CancellationToken cancel) => IsSet ? Make(person).BridgeAsync(call, cancel) : Task.FromResult(false);

    public Task LeaveAsync(Guid person) => Of(person)?.LeaveAsync() ?? Task.CompletedTask;

    /// <summary>Puts the respondent of a call on hold or takes them back; false where the call is not in a room here.</summary>
    public bool Hold(Guid call, bool held)
    {
        if (WithCall(call)?.Seat is not { } seat)
            return false;
        seat.Held = held;
        return true;
    }

    /// <summary>Lets a supervisor hear a call, unheard.</summary>
    /// <returns>The answer to their browser's offer; null where the call is not in a room here.</returns>
    public async Task<string?> ListenAsync(Guid supervisor, Guid call, string offer, CancellationToken cancel)
    {
        await StopListeningAsync(supervisor);
        if (WithCall(call) is not { } phone || await phone.ListenAsync(supervisor, offer, cancel) is not { } answer)
            return null;
        _listening[supervisor] = phone;
        return answer;
    }

    /// <summary>The interviewer hears the supervisor, the respondent does not; false where they do not listen.</summary>
    public Task<bool> WhisperAsync(Guid supervisor, CancellationToken cancel) => ChangeAsync(supervisor, ListenMode.Whisper, cancel);

    /// <summary>Both hear the supervisor; false where they do not listen.</summary>
    public Task<bool> BargeAsync(Guid supervisor, CancellationToken cancel) => ChangeAsync(supervisor, ListenMode.Barge, cancel);

    /// <summary>Nobody hears the supervisor any more; false where they do not listen.</summary>
    public Task<bool> HushAsync(Guid supervisor, CancellationToken cancel) => ChangeAsync(supervisor, ListenMode.Listen, cancel);

    public async Task StopListeningAsync(Guid supervisor)
    {
        if (_listening.TryRemove(supervisor, out var phone))
            await phone.StopAsync(supervisor);
    }

    /// <summary>The call that a supervisor hears, by the phone that has it; null for none.</summary>
    public Guid? HeardBy(Guid supervisor) => _listening.GetValueOrDefault(supervisor)?.Seat?.Call;

    /// <summary>Whether a call is in a room here.</summary>
    public Phone? WithCall(Guid call) => _phones.Values.FirstOrDefault(phone => phone.Seat?.Call == call);

    /// <summary>Idle rooms on servers that are about to go are closed; their browsers come back elsewhere.</summary>
    public async Task MakeWayAsync()
    {
        foreach (var phone in _phones.Values)
            await phone.MakeWayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones.Values)
            await phone.DisposeAsync();
    }

    private Task<bool> ChangeAsync(Guid supervisor, ListenMode mode, CancellationToken cancel) =>
        _listening.TryGetValue(supervisor, out var phone) ? phone.ChangeAsync(supervisor, mode, cancel) : Task.FromResult(false);

    private Phone Make(Guid person) => _phones.GetOrAdd(person, _ => _make());
}
