using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.SecondFactors;

/// <summary>Says which roles need a second factor. It is asked at people's next sign-in: nobody is interrupted in a call.</summary>
internal sealed class ChangeRules(AccessDb db, TimeProvider clock)
{
    public async Task<IReadOnlySet<string>> RequiredAsync(CancellationToken cancel) =>
        (await db.SecondFactorRules.Select(r => r.Role).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);

    public async Task HandleAsync(IReadOnlyCollection<string> roles, Actor actor, CancellationToken cancel)
    {
        var wanted = Roles.All.Intersect(roles, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var rules = await db.SecondFactorRules.ToListAsync(cancel);
        var before = rules.Select(r => r.Role).ToHashSet(StringComparer.Ordinal);
        if (before.SetEquals(wanted))
            return;
        db.SecondFactorRules.RemoveRange(rules.Where(r => !wanted.Contains(r.Role)));
        db.SecondFactorRules.AddRange(wanted.Except(before, StringComparer.Ordinal).Select(role => new SecondFactorRule { Role = role }));
        db.Audit(clock, actor, "second-factor.rules-changed", detail: new { required = wanted.Order(StringComparer.Ordinal) });
        await db.SaveChangesAsync(cancel);
    }
}
