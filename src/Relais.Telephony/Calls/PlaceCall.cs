using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Telephony.Lines;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Calls;

/// <summary>How the wish to call ended.</summary>
internal abstract record PlaceResult
{
    private PlaceResult()
    {
    }

    public sealed record Placed(Guid Call) : PlaceResult;

    public sealed record Refused(NumberRefusal Why) : PlaceResult;

    /// <summary>This person is on the telephone already.</summary>
    public sealed record Calling : PlaceResult;

    public sealed record NoTrunk : PlaceResult;

    public sealed record Full : PlaceResult;
}

/// <summary>Places a call for a person: the server says through which trunk and shows which number, never the browser.</summary>
internal sealed class PlaceCall(TelephonyDb db, ChooseTrunk choose, TrunkLines lines, IOptions<TelephonyOptions> options, TimeProvider clock)
{
    private const string OneAPerson = "IX_call_person_live";

    public async Task<PlaceResult> HandleAsync(Guid person, string? typed, Actor actor, CancellationToken cancel)
    {
        if (DialledNumber.TryParse(typed) is not { } number)
            return new PlaceResult.Refused(NumberRefusal.Malformed);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        switch (await choose.HandleAsync(number, after: null, cancel))
        {
            case ChooseTrunk.Choice.Refused refused:
                // Whoever tries to call abroad or premium numbers is worth knowing of; the number itself is nobody's to read there.
                db.Audit(clock, actor, "call.refused", $"call:{id}", "", new { why = refused.Why.ToString() });
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return new PlaceResult.Refused(refused.Why);
            case ChooseTrunk.Choice.Full:
                return new PlaceResult.Full();
            case ChooseTrunk.Choice.Found { Trunk: { } trunk }:
                var call = new Call
                {
                    Id = id, PersonId = person, Number = number.ToString(), Node = options.Value.Node, TrunkId = trunk.Id, TrunkName = trunk.Name, Caller = trunk.Caller,
                    AskedAt = clock.GetUtcNow(),
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

                if (DialledNumber.TryParse(trunk.Caller) is not { } caller || !lines.Place(trunk.Id, id, number, caller))
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
