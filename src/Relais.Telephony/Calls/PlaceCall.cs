using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;
using Relais.Telephony.Lines;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Calls;

/// <summary>Places a call for a person: the server says through which trunk and shows which number, never the browser.</summary>
internal sealed class PlaceCall(TelephonyDb db, ChooseTrunk choose, TrunkLines lines, FollowCall follow, IOptions<TelephonyOptions> options, TimeProvider clock)
{
    private const string OneAPerson = "IX_call_person_live";

    public async Task<PlaceResult> HandleAsync(CallOrder order, Actor actor, CancellationToken cancel)
    {
        if (DialledNumber.TryParse(order.Number) is not { } number)
            return new PlaceResult.Refused(NumberRefusal.Malformed);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        if (!await follow.MayPlaceAsync(id, order.Study, cancel))
        {
            db.Audit(clock, actor, "call-recording.refused", $"call:{id}", "");
            await db.SaveChangesAsync(cancel);
            return new PlaceResult.NotRecordable();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        switch (await choose.HandleAsync(number, order.Caller, after: null, cancel))
        {
            case ChooseTrunk.Choice.Refused refused:
                // Whoever tries to call abroad or premium numbers is worth knowing of; the number itself is nobody's to read there.
                db.Audit(clock, actor, "call.refused", $"call:{id}", "", new { why = refused.Why.ToString() });
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return new PlaceResult.Refused(refused.Why);
            case ChooseTrunk.Choice.Full:
                return new PlaceResult.Full();
            case ChooseTrunk.Choice.Found { Trunk: { } trunk, Caller: { } shown }:
                var call = new Call
                {
                    Id = id, PersonId = order.Person, Number = number.ToString(), Node = options.Value.Node, TrunkId = trunk.Id, TrunkName = trunk.Name, Caller = shown,
                    CallerClass = order.Caller, Study = order.Study, Subject = order.Subject, AskedAt = clock.GetUtcNow(),
                };
                db.Calls.Add(call);
                db.Audit(clock, actor, "call.placed", $"call:{id}", trunk.Name);
                try
                {
                    await db.SaveChangesAsync(cancel);
                    await transaction.CommitAsync(cancel);
                }
                catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: OneAPerson })
                {
                    return new PlaceResult.Calling();
                }

                if (DialledNumber.TryParse(shown) is not { } caller || !lines.Place(trunk.Id, id, number, caller))
                {
                    call.Finish(new CallEnding(CallEndedBy.Transport, 503, "Trunk Not Open Here", null), clock.GetUtcNow());
                    await db.SaveChangesAsync(CancellationToken.None);
                }

                return new PlaceResult.Placed(id);
            default:
                return new PlaceResult.NoTrunk();
        }
    }
}
