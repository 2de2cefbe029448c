using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Relais.Portal.Navigation;

internal static class Allowed
{
    /// <summary>Those of <paramref name="items"/> whose policy allows this person, in the order given.</summary>
    public static async Task<IReadOnlyList<T>> AllowedToAsync<T>(
        this IEnumerable<T> items, ClaimsPrincipal person, IAuthorizationService authorization, Func<T, string?> policy)
    {
        var allowed = new List<T>();
        foreach (var item in items)
        {
            if (policy(item) is not { } name || (await authorization.AuthorizeAsync(person, null, name)).Succeeded)
                allowed.Add(item);
        }

        return allowed;
    }
}
