using Microsoft.EntityFrameworkCore;

namespace Relais.Access.SecondFactors;

/// <summary>Whom a second factor is asked of.</summary>
internal static class SecondFactorRules
{
    public static Task<bool> ConcernAsync(AccessDb db, string[] roles, CancellationToken cancel) =>
        db.SecondFactorRules.AnyAsync(rule => roles.Contains(rule.Role), cancel);
}
