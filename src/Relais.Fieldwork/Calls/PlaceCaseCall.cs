using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Studies;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Calls;

/// <summary>
/// Calls the case that one has. The number is the case's own, never the browser's; so are the line and the number that is shown. Asked again while the call goes
/// on, it is the same call.
/// </summary>
internal static class PlaceCaseCall
{
    /// <param name="Number">The position of the number to call; null: the one that was called last, else the one that stands first.</param>
    public sealed record Request(long Fence, int? Number = null);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/cases/{id:long}/call", Handle).WithName("CallCase").WithSummary("Call the case that one has, through Relais");
        routes.MapPost("/cases/{id:long}/hang-up", HangUp).WithName("HangUpCase").WithSummary("Hang up one's own call, or give up before the answer");
    }

    // Whoever lost the case meanwhile, or took it elsewhere, has no row here.
    private const string Keep = "UPDATE fieldwork.hold SET call_id = $4, call_number = $5 WHERE case_id = $1 AND person_id = $2 AND fence = $3";

    internal static async Task<Results<Ok<CaseLine.Response>, ProblemHttpResult>> Handle(
        long id, Request request, HttpContext context, FieldworkDb db, Switchboard calls, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var held = await (from h in db.Holds join c in db.Cases on h.CaseId equals c.Id join w in db.Waves on h.WaveId equals w.Id join s in db.Studies on w.StudyId equals s.Id
                          where h.CaseId == id && h.PersonId == person && h.Fence == request.Fence
                          select new { w.Dialling, w.Caller, Study = s.Name, c.Tries, h.CallNumber }).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (held is null)
            return Problems.Conflict("case-lost");
        if (held.Dialling == DialMode.Manual)
            return Problems.Conflict("dials-manually");
        var numbers = await db.Numbers.AsNoTracking().Where(n => n.CaseId == id && !n.Dead).OrderBy(n => n.Position).ToListAsync(cancel);
        if (numbers.Count == 0 || (request.Number is { } wanted && !numbers.Exists(n => n.Position == wanted)))
            return Problems.Conflict("number-missing");

        var number = numbers.Find(n => n.Position == (request.Number ?? held.CallNumber)) ?? numbers[held.Tries % numbers.Count];
        var order = new CallOrder(person, FormattableString.Invariant($"+{number.Number}"), held.Caller, held.Study, CaseSubject.Of(id));
        var result = await calls.PlaceAsync(order, Actor.Of(context), cancel);
        if (result is PlaceResult.Placed { Call: var call } && await db.InTurnAsync(() => db.ExecuteAsync(Keep, [id, person, request.Fence, call, number.Position], cancel), cancel) == 0)
        {
            await calls.HangUpAsync(call, CancellationToken.None);
            return Problems.Conflict("case-lost");
        }

        return result switch
        {
            PlaceResult.Placed => TypedResults.Ok(await CaseLine.OfAsync(id, person, db, calls, clock, cancel)),
            PlaceResult.Refused refused => Problems.Invalid($"number-{refused.Why.ToString().ToLowerInvariant()}"),
            PlaceResult.Calling => await CallingAsync(id, person, db, calls, clock, cancel),
            PlaceResult.Full => Problems.Conflict("lines-busy"),
            PlaceResult.NotRecordable => Problems.Conflict("not-recordable"),
            PlaceResult.NoVoice => Problems.Conflict("no-voice"),
            _ => Problems.Conflict("no-line"),
        };
    }

    internal static async Task<NoContent> HangUp(long id, HttpContext context, Switchboard calls, CancellationToken cancel)
    {
        await HangUpAsync(id, context.User.PersonId().Value, calls, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>Ends a person's call of a case, where there is one.</summary>
    internal static async Task HangUpAsync(long id, Guid person, Switchboard calls, CancellationToken cancel)
    {
        if (await calls.LiveOfAsync(person, cancel) is { } live && live.Subject == CaseSubject.Of(id))
            await calls.HangUpAsync(live.Id, cancel);
    }

    private static async Task<Results<Ok<CaseLine.Response>, ProblemHttpResult>> CallingAsync(
        long id, Guid person, FieldworkDb db, Switchboard calls, TimeProvider clock, CancellationToken cancel)
    {
        if (await calls.LiveOfAsync(person, cancel) is { } live && live.Subject != CaseSubject.Of(id))
        {
            // Of the case before: nobody talks to two people.
            if (CaseSubject.Read(live.Subject) is not null)
                await calls.HangUpAsync(live.Id, cancel);
            return Problems.Conflict("already-calling");
        }

        return TypedResults.Ok(await CaseLine.OfAsync(id, person, db, calls, clock, cancel));
    }
}
