using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Kernel;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Cases;

/// <summary>A call has ended: its outcome decides what becomes of the case.</summary>
internal static class CloseCase
{
    /// <param name="LocalTime">In the respondent's own zone.</param>
    /// <param name="Hard">A promise; otherwise "some time around".</param>
    /// <param name="ForMe">For this interviewer rather than anyone.</param>
    public sealed record Wish(DateTime LocalTime, bool Hard, bool ForMe);

    /// <param name="Outcome">The code of an outcome, such as "no-answer".</param>
    /// <param name="Number">The position of the number that was called; null: the one that stood first.</param>
    /// <param name="Appointment">With the outcome "appointment", and after a broken-off interview.</param>
    /// <param name="Values">Quota variables, for a completed interview of which no slot is reserved any more.</param>
    public sealed record Request(
        Guid Command, long Fence, [property: Required, StringLength(40)] string Outcome, int? Number = null, Wish? Appointment = null,
        [property: StringLength(2000)] string? Comment = null, IReadOnlyDictionary<string, string>? Values = null);

    /// <param name="State">"closed", or why not: "lost", "unknown-outcome", "appointment-time".</param>
    /// <param name="Outcome">What was recorded: "quota-full" for an interview that came too late for a slot.</param>
    /// <param name="NextCall">When the case comes again, if it does.</param>
    public sealed record Response(string State, string? Outcome = null, DateTimeOffset? NextCall = null);

    private const string LockCase = "SELECT * FROM fieldwork.cases WHERE id = {0} FOR UPDATE";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/cases/{id:long}/close", Handle).WithName("CloseCase")
        .WithSummary("Record how the call ended");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        long id, Request request, HttpContext context, FieldworkDb db, Switchboard calls, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var closed = await HandleAsync(id, request, person, db, clock, cancel);
        // Nothing more is asked: whatever still rings or is open ends with it. The end of an interview leaves the line open.
        if (closed.State == "closed")
            await PlaceCaseCall.HangUpAsync(id, person, calls, cancel);
        return closed.State switch
        {
            "closed" => TypedResults.Ok(closed),
            "lost" => Problems.Conflict("case-lost"),
            var refused => Problems.Invalid(refused),
        };
    }

    internal static Task<Response> HandleAsync(long id, Request request, Guid person, FieldworkDb db, TimeProvider clock, CancellationToken cancel) =>
        db.InTurnAsync(() =>
        {
            var now = clock.GetUtcNow();
            return db.OnceAsync(request.Command, person, now, () => CloseAsync(id, request, person, now, db, cancel), answer => answer.State == "closed", cancel);
        }, cancel);

    private static async Task<Response> CloseAsync(long id, Request request, Guid person, DateTimeOffset now, FieldworkDb db, CancellationToken cancel)
    {
        if (Outcome.Find(request.Outcome) is not { IsRelaisOwn: false } outcome)
            return new Response("unknown-outcome");
        var row = await db.Cases.FromSqlRaw(LockCase, id).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (row is null || row.Fence != request.Fence)
            return new Response("lost");
        var hold = await db.Holds.AsNoTracking().SingleOrDefaultAsync(h => h.CaseId == id, cancel);
        // Without a hold the case came back for want of a sign. Whoever had it may still end the call, as long as nobody took it since.
        var lost = hold is null ? await LostWithAsync(db, row, person, cancel) : null;
        if (hold is null ? lost is null : hold.PersonId != person)
            return new Response("lost");

        var pool = await db.Pools.AsNoTracking().SingleAsync(p => p.Id == row.PoolId, cancel);
        var wave = await db.Waves.AsNoTracking().SingleAsync(w => w.Id == row.WaveId, cancel);
        var calendar = WaveRules.Calendar(wave.Rules, pool.Zone);
        DateTimeOffset? wished = null;
        if (request.Appointment is { } wish)
        {
            wished = calendar.Instant(DateTime.SpecifyKind(wish.LocalTime, DateTimeKind.Unspecified));
            if (wished <= now || wished > now.AddDays(90) || !calendar.TakesAppointments(wished.Value))
                return new Response("appointment-time");
        }
        else if (outcome.After == AfterCall.Appointment)
        {
            return new Response("appointment-time");
        }

        if (outcome == Outcome.Complete && !await CommitAsync(db, row, request, now, cancel))
            outcome = Outcome.QuotaFull;
        else if (outcome != Outcome.Complete)
            await QuotaSlots.ReleaseAsync(db, id, cancel);
        var appointment = wished is { } at && request.Appointment is { } asked && outcome.After is AfterCall.Appointment or AfterCall.Again
            ? new Appointment { Id = Guid.CreateVersion7(now), CaseId = id, WaveId = row.WaveId, At = at, Hard = asked.Hard, PersonId = asked.ForMe ? person : null, MadeAt = now }
            : null;
        var ended = new EndedCall(row, pool, WaveRules.Parse(wave.Rules), calendar, outcome, now)
        {
            Person = person, From = hold?.TakenAt ?? lost?.From ?? now, Slot = hold?.Slot ?? lost?.Slot ?? -1, Number = request.Number ?? hold?.CallNumber,
            Call = hold?.CallId ?? lost?.CallId,
            ByAppointment = hold?.AppointmentId is not null || lost is { ByAppointment: true }, Counted = lost is not null, Appointment = appointment, Comment = request.Comment,
        };
        return new Response("closed", outcome.Code, await ended.RecordAsync(db, cancel));
    }

    // An interview that nothing was reserved for, because it came back too late or its form screens nobody, needs a slot now.
    private static async Task<bool> CommitAsync(FieldworkDb db, Case row, Request request, DateTimeOffset now, CancellationToken cancel)
    {
        if (await QuotaSlots.CommitAsync(db, row.Id, now, cancel))
            return true;
        var values = await ScreenCase.ValuesAsync(db, row.Id, request.Values ?? new Dictionary<string, string>(StringComparer.Ordinal), cancel);
        if (await QuotaSlots.ReserveAsync(db, row.Id, row.WaveId, values, now, cancel) is not null)
            return false;
        await QuotaSlots.CommitAsync(db, row.Id, now, cancel);
        return true;
    }

    private static async Task<Attempt?> LostWithAsync(FieldworkDb db, Case row, Guid person, CancellationToken cancel) =>
        row.State is CaseState.Ready or CaseState.Appointment or CaseState.Exhausted
        && await db.Attempts.AsNoTracking().Where(a => a.CaseId == row.Id).OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancel) is { } last
        && last.Outcome == Outcome.Lost.Id && last.PersonId == person && last.Fence == row.Fence ? last : null;
}
