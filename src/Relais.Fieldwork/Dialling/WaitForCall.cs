using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Appointments;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>An interviewer waits for a call that Relais places. The console asks again and again, each time for two seconds at most; without it the seat is nobody's.</summary>
internal static class WaitForCall
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <param name="State">"case": the respondent is on the line, and "next" gives the case; "waiting"; "gone": one waits no more, so ask for the next case.</param>
    /// <param name="Voice">"impossible", "unplugged" or "plugged".</param>
    /// <param name="Holding">Why nobody is called just now; empty: somebody is, or soon.</param>
    /// <param name="Leaving">Whether the wish to go is noted, and a call may still come.</param>
    /// <param name="Seconds">Since one waits.</param>
    public sealed record Response(string State, string Voice, string Wave = "", string Holding = "", bool Leaving = false, double Seconds = 0);

    private const string Seat = """
        INSERT INTO fieldwork.dial_seat (person_id, wave_id, since, seen_at, leaving)
        SELECT $1, $2, $3, $3, false WHERE NOT EXISTS (SELECT 1 FROM fieldwork.hold h WHERE h.person_id = $1)
        ON CONFLICT (person_id) DO UPDATE SET seen_at = $3, leaving = false,
          wave_id = EXCLUDED.wave_id, since = CASE WHEN dial_seat.wave_id = EXCLUDED.wave_id THEN dial_seat.since ELSE $3 END
        """;

    private const string Stay = "UPDATE fieldwork.dial_seat SET seen_at = $2 WHERE person_id = $1";

    private const string Go = "UPDATE fieldwork.dial_seat SET leaving = true WHERE person_id = $1";

    private const string Ensure = "INSERT INTO fieldwork.wave_dialler (wave_id, abandonment_limit, ring_seconds, message, paused, paused_by, holding) VALUES ($1, $2, $3, $4, false, '', '') ON CONFLICT DO NOTHING";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/dialler/wait", Handle).WithName("WaitForCall").WithSummary("Wait for the call that Relais places; answered at once when it is there, after two seconds at most");
        routes.MapPost("/dialler/leave", Leave).WithName("LeaveDialler").WithSummary("Wait for no more calls; one that is on its way for this person may still come");
    }

    /// <summary>Somebody is ready.</summary>
    internal static async Task SitAsync(Guid person, int wave, FieldworkDb db, DiallerSignals signals, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.InTurnAsync(async () =>
        {
            await db.ExecuteAsync(Ensure, [wave, WaveDialler.UsualLimit, (short)WaveDialler.UsualRingSeconds, WaveDialler.UsualMessage], cancel);
            return await db.ExecuteAsync(Seat, [person, wave, now], cancel);
        }, cancel);
        signals.Wake();
    }

    internal static async Task<Ok<Response>> Handle(HttpContext context, FieldworkDb db, Switchboard calls, DiallerSignals signals, TimeProvider clock, CancellationToken cancel)
    {
        var (person, until) = (context.User.PersonId().Value, clock.GetUtcNow() + Longest);
        while (true)
        {
            var told = signals.Of(person);
            var answer = await LookAsync(person, db, calls, signals, clock, cancel);
            if (answer.State != "waiting" || clock.GetUtcNow() >= until)
                return TypedResults.Ok(answer);
            await told.WaitAsync(LookEvery, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }
    }

    internal static async Task<NoContent> Leave(HttpContext context, FieldworkDb db, DiallerSignals signals, CancellationToken cancel)
    {
        await db.InTurnAsync(() => db.ExecuteAsync(Go, [context.User.PersonId().Value], cancel), cancel);
        signals.Wake();
        return TypedResults.NoContent();
    }

    private static async Task<Response> LookAsync(Guid person, FieldworkDb db, Switchboard calls, DiallerSignals signals, TimeProvider clock, CancellationToken cancel)
    {
        var (now, voice) = (clock.GetUtcNow(), calls.VoiceOf(person).ToString().ToLowerInvariant());
        await db.InTurnAsync(() => db.ExecuteAsync(Stay, [person, now], cancel), cancel);
        var seat = await (from s in db.DialSeats where s.PersonId == person join w in db.Waves on s.WaveId equals w.Id join d in db.WaveDiallers on s.WaveId equals d.WaveId
                          select new { s.Since, s.Leaving, w.Name, d.Holding }).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (await db.Holds.AnyAsync(h => h.PersonId == person, cancel))
            return new Response("case", voice);
        if (seat is null)
            return new Response("gone", voice);
        // Their own appointment is theirs: they see the case before it is called.
        if (!seat.Leaving && await db.Appointments.AnyAsync(a => a.PersonId == person && a.State == AppointmentState.Waiting && a.At <= now, cancel))
        {
            await db.InTurnAsync(() => db.ExecuteAsync(Go, [person], cancel), cancel);
            signals.Wake();
        }

        return new Response("waiting", voice, seat.Name, seat.Holding, seat.Leaving, Math.Round((now - seat.Since).TotalSeconds, 1));
    }
}
