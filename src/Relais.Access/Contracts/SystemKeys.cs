using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>Something that a system's key may be limited to, such as one study.</summary>
/// <param name="Id">As keys keep it: "fieldwork-study:ID".</param>
/// <param name="Name">As people read it.</param>
public sealed record KeyResource(string Id, string Name);

/// <summary>What a module has that a system's key may be limited to.</summary>
public interface IKeyResources
{
    Task<IReadOnlyList<KeyResource>> ListAsync(CancellationToken cancel);
}

/// <summary>What a request with a system's key says of itself, and what it may reach.</summary>
public static class SystemKeyClaims
{
    public const string Key = "relais:key";
    public const string Resource = "relais:key-resource";
    public const string Write = "relais:key-write";

    /// <summary>A key that reaches everything, also what does not exist yet.</summary>
    public const string Everything = "*";

    /// <summary>The key of this request; null when a person asks.</summary>
    public static Guid? SystemKey(this ClaimsPrincipal principal) => Guid.TryParse(principal.FindFirstValue(Key), out var id) ? id : null;

    /// <summary>Whether the key of this request reaches a resource.</summary>
    public static bool Reaches(this ClaimsPrincipal principal, string resource) =>
        principal.HasClaim(Resource, resource) || principal.HasClaim(Resource, Everything);
}

public static class KeyResourceRegistration
{
    public static IServiceCollection AddKeyResources<T>(this IServiceCollection services)
        where T : class, IKeyResources => services.AddScoped<IKeyResources, T>();
}
