using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Kernel;

namespace Relais.Fieldwork.Cases;

/// <summary>A respondent calls back: which cases have their number, and the one of them that whoever answers takes.</summary>
internal static class FindByNumber
{
    public sealed record Search([property: Required, StringLength(40)] string Number);

    /// <param name="State">"waiting", "ready", "held", "appointment", "done", "exhausted" or "suppressed".</param>
    public sealed record Found(long Case, string Study, string Wave, string Key, string State, DateTimeOffset? Appointment, int Tries);

    public sealed record Take(Guid Command);

    private const string LockCase = """
        SELECT c.id, c.wave_id, p.zone FROM fieldwork.cases c JOIN fieldwork.pool p ON p.id = c.pool_id
        JOIN fieldwork.wave w ON w.id = c.wave_id AND w.state = 'Running'
        JOIN fieldwork.interviewer i ON i.person_id = $2 AND i.active JOIN fieldwork.team t ON t.id = i.team_id AND w.study_id = ANY (t.studies)
        WHERE c.id = $1 AND c.state IN (0, 1, 3, 5) FOR UPDATE OF c SKIP LOCKED
        """;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        // A number does not belong into an address, which is logged on its way.
        routes.MapPost("/cases/by-number", Handle).WithName("FindCasesByNumber").WithSummary("The cases of a respondent who calls back, by their number");
        routes.MapPost("/cases/{id:long}/take", HandleTake).WithName("TakeCalledBack").WithSummary("Take the case of a respondent who calls back");
    }

    internal static async Task<Results<Ok<List<Found>>, ProblemHttpResult>> Handle(Search search, FieldworkDb db, CancellationToken cancel) =>
        PhoneNumber.Parse(search.Number) is { } number ? TypedResults.Ok(await HandleAsync(number, db, cancel)) : Problems.Invalid("number");

    internal static Task<List<Found>> HandleAsync(long number, FieldworkDb db, CancellationToken cancel) =>
        (from n in db.Numbers.AsNoTracking()
         where n.Number == number
         join c in db.Cases on n.CaseId equals c.Id
         join w in db.Waves on c.WaveId equals w.Id
         where w.State != WaveState.Closed
         join s in db.Studies on w.StudyId equals s.Id
         join r in db.Records on c.Id equals r.CaseId
         orderby c.Id descending
         select new Found(c.Id, s.Name, w.Name, r.Key, c.State.ToString().ToLowerInvariant(),
             db.Appointments.Where(a => a.CaseId == c.Id && a.State == Appointments.AppointmentState.Waiting).Select(a => (DateTimeOffset?)a.At).FirstOrDefault(), c.Tries))
        .Take(50).ToListAsync(cancel);

    internal static async Task<Results<Ok<TakeCase.Held>, ProblemHttpResult>> HandleTake(
        long id, Take request, HttpContext context, FieldworkDb db, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel) =>
        await TakeAsync(id, request.Command, context.User.PersonId().Value, db, options.Value, clock, cancel) is { Case: { } held }
            ? TypedResults.Ok(held)
            : Problems.Conflict("case-not-free");

    internal static Task<TakeCase.Response> TakeAsync(
        long id, Guid command, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel) =>
        db.InTurnAsync(() =>
        {
            var now = clock.GetUtcNow();
            return db.OnceAsync(command, person, now, () => LockedAsync(id, person, now, db, options, cancel), answer => answer.Case is not null, cancel);
        }, cancel);

    private static async Task<TakeCase.Response> LockedAsync(long id, Guid person, DateTimeOffset now, FieldworkDb db, FieldworkOptions options, CancellationToken cancel)
    {
        if (await db.Holds.AnyAsync(h => h.PersonId == person, cancel))
            return new TakeCase.Response(null, "has-case", null);
        Chosen? chosen = null;
        await using (var command = db.Command(LockCase, id, person))
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (await row.ReadAsync(cancel))
                chosen = new Chosen(row.GetInt64(0), row.GetInt32(1), row.GetString(2), Hold.CalledBack, null);
        }

        if (chosen is null)
            return new TakeCase.Response(null, "not-free", null);
        var promised = await db.Appointments.Where(a => a.CaseId == id && a.State == Appointments.AppointmentState.Waiting).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(cancel);
        // They call us: no rule of hours or rest keeps them from it.
        return await ClaimNumbers.TryAsync(db, id, now, mostCalls: 0, byAppointment: true, cancel) is ClaimedNumbers.Yes
            ? new TakeCase.Response(await HeldCases.TakeAsync(db, chosen with { Appointment = promised }, person, now, now + options.HoldFor, cancel), null, null)
            : new TakeCase.Response(null, "not-free", null);
    }
}
