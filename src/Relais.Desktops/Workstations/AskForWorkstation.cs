using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Workstations;

/// <summary>An ask that waits, with who asks and the workstation of that name, if there is one.</summary>
internal sealed record WaitingAsk(WorkstationAsk Ask, string Person, Workstation? Workstation);

/// <summary>Takes requests for a workstation for a time, and an administrator's decision.</summary>
internal sealed class AskForWorkstation(DesktopsDb db, People people, TimeProvider clock)
{
    private const int MostWaiting = 5;
    private const int MostShown = 20;

    public async Task<IReadOnlyList<FieldFault>> AskAsync(string? wanted, string? reason, PersonId person, Actor actor, CancellationToken cancel)
    {
        var faults = new List<FieldFault>();
        Check("Wanted", wanted, Workstation.NameLength);
        Check("Reason", reason, WorkstationAsk.ReasonLength);
        if (faults.Count == 0 && await db.WorkstationAsks.CountAsync(a => a.PersonId == person.Value && a.DecidedAt == null, cancel) >= MostWaiting)
            faults.Add(new FieldFault("Wanted", "ask-many", MostWaiting));
        if (faults.Count > 0)
            return faults;

        var now = clock.GetUtcNow();
        var ask = new WorkstationAsk
        {
            Id = Guid.CreateVersion7(now), PersonId = person.Value, Wanted = (wanted ?? "").Trim(), Reason = (reason ?? "").Trim(), AskedAt = now,
        };
        db.WorkstationAsks.Add(ask);
        db.Audit(clock, actor, "workstation.asked", $"ask:{ask.Id}", ask.Wanted, new { reason = ask.Reason });
        await db.SaveChangesAsync(cancel);
        return [];

        void Check(string field, string? typed, int limit)
        {
            var text = (typed ?? "").Trim();
            var code = text.Length == 0 ? "empty" : text.Length > limit ? "long" : text.Any(char.IsControl) ? "characters" : null;
            if (code is not null)
                faults.Add(new FieldFault(field, code, limit));
        }
    }

    public Task<List<WorkstationAsk>> OfAsync(PersonId person, CancellationToken cancel) =>
        db.WorkstationAsks.AsNoTracking().Where(a => a.PersonId == person.Value).OrderByDescending(a => a.AskedAt).Take(MostShown).ToListAsync(cancel);

    public async Task<IReadOnlyList<WaitingAsk>> WaitingAsync(CancellationToken cancel)
    {
        var asks = await db.WorkstationAsks.AsNoTracking().Where(a => a.DecidedAt == null).OrderBy(a => a.AskedAt).Take(100).ToListAsync(cancel);
        var names = asks.Select(a => Workstation.Normalize(a.Wanted)).Distinct(StringComparer.Ordinal).ToArray();
        var found = await db.Workstations.AsNoTracking().Where(w => names.Contains(w.NormalizedName)).ToDictionaryAsync(w => w.NormalizedName, StringComparer.Ordinal, cancel);
        var cards = await people.FindManyAsync([.. asks.Select(a => new PersonId(a.PersonId))], cancel);
        return
        [
            .. asks.Select(a => new WaitingAsk(
                a, cards.GetValueOrDefault(new PersonId(a.PersonId))?.DisplayName ?? "?", found.GetValueOrDefault(Workstation.Normalize(a.Wanted)))),
        ];
    }

    /// <param name="hours">For how long; null refuses.</param>
    /// <returns>False when there is nothing to decide, or nothing to grant.</returns>
    public async Task<bool> DecideAsync(Guid id, int? hours, Actor actor, CancellationToken cancel)
    {
        if (hours is < 1 or > WorkstationAsk.MostHours)
            return false;
        if (await db.WorkstationAsks.SingleOrDefaultAsync(a => a.Id == id && a.DecidedAt == null, cancel) is not { } ask)
            return false;
        var now = clock.GetUtcNow();
        ask.DecidedAt = now;
        if (hours is { } time)
        {
            var name = Workstation.Normalize(ask.Wanted);
            if (await db.Workstations.SingleOrDefaultAsync(w => w.NormalizedName == name, cancel) is not { } workstation)
                return false;
            (ask.WorkstationId, ask.Until) = (workstation.Id, now + TimeSpan.FromHours(time));
            db.Audit(clock, actor, "workstation.lent", EditWorkstations.Subject(workstation), workstation.Name, new { person = ask.PersonId, until = ask.Until });
        }
        else
        {
            db.Audit(clock, actor, "workstation.not-lent", $"ask:{ask.Id}", ask.Wanted, new { person = ask.PersonId });
        }

        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
