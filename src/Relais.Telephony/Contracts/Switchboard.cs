using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Quality;
using Relais.Telephony.Rooms;

namespace Relais.Telephony.Contracts;

/// <summary>What other modules ask of telephony: calls for people, whose numbers the modules know and browsers don't choose.</summary>
public sealed class Switchboard
{
    private readonly TelephonyDb _db;
    private readonly PlaceCall _place;
    private readonly TrunkLines _lines;
    private readonly Phones _phones;

    private readonly WatchedCalls _watched;
    private readonly ClosingMessages _closing;

    internal Switchboard(TelephonyDb db, PlaceCall place, TrunkLines lines, Phones phones, WatchedCalls watched, ClosingMessages closing, string node) =>
        (_db, _place, _lines, _phones, _watched, _closing, Node) = (db, place, lines, phones, watched, closing, node);

    /// <summary>How this node is named in the rows of its calls, also after a restart.</summary>
    public string Node { get; }

    /// <summary>Whether a line is there and open that shows a number of this class.</summary>
    public async Task<LineState> LineOfAsync(CallerClass caller, CancellationToken cancel)
    {
        var trunks = await _db.Trunks.AsNoTracking().Where(t => t.Enabled).ToListAsync(cancel);
        return trunks.Exists(t => t.Usable && t.CallerOf(caller) is not null) ? LineState.Open : trunks.Count > 0 ? LineState.Closed : LineState.Missing;
    }

    public VoiceState VoiceOf(Guid person) => !_phones.IsSet ? VoiceState.Impossible : _phones.IsIn(person) ? VoiceState.Plugged : VoiceState.Unplugged;

    /// <summary>Places a call through the first line that may call there and has room.</summary>
    public async Task<PlaceResult> PlaceAsync(CallOrder order, Actor actor, CancellationToken cancel)
    {
        // A callee who answers must hear somebody.
        if (VoiceOf(order.Person) is VoiceState.Unplugged)
            return new PlaceResult.NoVoice();
        var result = await _place.HandleAsync(order, actor, cancel);
        // At once, so that the operator's ringing tone or announcement is heard.
        if (result is PlaceResult.Placed { Call: var call })
            await _phones.BridgeAsync(order.Person, call, cancel);
        return result;
    }

    /// <summary>
    /// Places a call for which nobody is there to speak yet. Its person is one that the caller makes up, until <see cref="ConnectAsync"/>; nobody hears it meanwhile.
    /// </summary>
    public Task<PlaceResult> PlaceAheadAsync(CallOrder order, Actor actor, CancellationToken cancel) => _place.HandleAsync(order, actor, cancel);

    /// <summary>Gives a call that was answered to somebody whose headset is connected here.</summary>
    /// <returns>False where the call is over or the person is on the telephone already.</returns>
    public async Task<bool> ConnectAsync(Guid call, Guid person, CancellationToken cancel)
    {
        try
        {
            if (await _db.Calls.Where(c => c.Id == call && c.State == CallState.Answered).ExecuteUpdateAsync(set => set.SetProperty(c => c.PersonId, person), cancel) == 0)
                return false;
        }
        catch (Exception e) when ((e as PostgresException ?? e.InnerException as PostgresException)?.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }

        if (_watched.Find(call) is { } watched)
            watched.Person = person;
        await _phones.BridgeAsync(person, call, cancel);
        return true;
    }

    /// <summary>Whether a closing message can be said; makes it ready.</summary>
    public Task<bool> CanSayAsync(string text, CancellationToken cancel) => _closing.ReadyAsync(text, cancel);

    /// <summary>Says a sentence to whoever answered, and hangs up after it; returns at once. A call on another node stays as it is.</summary>
    public void SayAndHangUp(Guid call, string text) => _ = _closing.PlayAsync(call, text);

    /// <summary>Those of these people who are on the telephone.</summary>
    public async Task<IReadOnlySet<Guid>> BusyAsync(IReadOnlyCollection<Guid> people, CancellationToken cancel) =>
        await _db.Calls.AsNoTracking().Where(c => people.Contains(c.PersonId) && c.State != CallState.Ended).Select(c => c.PersonId).ToHashSetAsync(cancel);

    public async Task<CallNow?> FindAsync(Guid call, CancellationToken cancel) =>
        await _db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.Id == call, cancel) is { } row ? Now(row) : null;

    /// <summary>The call that somebody has now; null: none.</summary>
    public async Task<CallNow?> LiveOfAsync(Guid person, CancellationToken cancel) =>
        await _db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.PersonId == person && c.State != CallState.Ended, cancel) is { } row ? Now(row) : null;

    /// <summary>All calls that are under way and whose subject begins so.</summary>
    public async Task<IReadOnlyList<CallNow>> LiveAsync(string subject, CancellationToken cancel) =>
        (await _db.Calls.AsNoTracking().Where(c => c.State != CallState.Ended && c.Subject.StartsWith(subject)).ToListAsync(cancel)).ConvertAll(Now);

    /// <summary>Those of them whose voices are bad now.</summary>
    public async Task<IReadOnlyList<BadVoice>> BadVoicesAsync(string subject, CancellationToken cancel)
    {
        var bad = await (from l in _db.Legs.AsNoTracking() join c in _db.Calls on l.CallId equals c.Id where l.BadSince != null && c.State == CallState.Answered && c.Subject.StartsWith(subject)
                         select new { c.PersonId, c.Id, l.Cause }).ToListAsync(cancel);
        return bad.Where(b => b.Cause is not null).DistinctBy(b => b.Id).Select(b => new BadVoice(b.PersonId, b.Id, b.Cause.ToString()!.ToLowerInvariant())).ToList();
    }

    /// <summary>Calls by their ids; those that are forgotten already are not among them.</summary>
    public async Task<IReadOnlyDictionary<Guid, CallNow>> FindAllAsync(IReadOnlyCollection<Guid> calls, CancellationToken cancel) =>
        (await _db.Calls.AsNoTracking().Where(c => calls.Contains(c.Id)).ToListAsync(cancel)).ToDictionary(c => c.Id, Now);

    /// <summary>Hangs up, or gives up before the answer. A call that is over already, or on another node, stays as it is.</summary>
    public async Task HangUpAsync(Guid call, CancellationToken cancel)
    {
        // First the wish, so that no other trunk is tried meanwhile.
        await _db.Calls.Where(c => c.Id == call).ExecuteUpdateAsync(set => set.SetProperty(c => c.Wanted, false), cancel);
        _lines.End(call);
    }

    /// <summary>Erases the numbers of calls with these subjects that are over; how they went stays.</summary>
    public Task<int> ForgetNumbersAsync(IReadOnlyCollection<string> subjects, CancellationToken cancel) =>
        _db.Calls.Where(c => subjects.Contains(c.Subject) && c.State == CallState.Ended && c.Number != "").ExecuteUpdateAsync(set => set.SetProperty(c => c.Number, ""), cancel);

    private static CallNow Now(Call call) => new(
        call.Id, call.PersonId, call.Study, call.Subject, Stage(call.State), call.AskedAt, call.RingingAt, call.AnsweredAt, call.EndedAt, call.Outcome, call.End is CallEnd.HungUpThere,
        call.End is CallEnd.Restarted, call.SipStatus, call.Cause);

    private static CallStage Stage(CallState state) => state switch
    {
        CallState.Asked => CallStage.Placed,
        CallState.Trying => CallStage.Trying,
        CallState.Ringing => CallStage.Ringing,
        CallState.EarlyMedia => CallStage.Announced,
        CallState.Answered => CallStage.Answered,
        CallState.Ended => CallStage.Ended,
    };
}
