using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Relais.Kernel.Audit;

/// <summary>Who acts, for the audit trail.</summary>
public sealed record Actor(string Id, string Name, string? Address)
{
    /// <summary>The claim by which a caller that is no person says how the trail names it: "system-key:ID".</summary>
    public const string IdClaim = "relais:actor";

    public static readonly Actor System = new("system", "Relais", null);

    /// <summary>The signed-in person of a request, the other system whose key it shows, or "anonymous"; the address is the connection's, as the server saw it.</summary>
    public static Actor Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        var text = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
        if (context.User.FindFirstValue(IdClaim) is { } caller)
            return new Actor(caller, context.User.FindFirstValue(ClaimTypes.Name) ?? "", text);
        var id = context.User.FindFirstValue(ClaimTypes.NameIdentifier);
        return id is null
            ? new Actor("anonymous", "", text)
            : new Actor($"person:{id}", context.User.FindFirstValue(ClaimTypes.Name) ?? "", text);
    }
}
