using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Relais.Gateway.Apps;

/// <summary>The public halves of the keys that sign identities, as a JSON Web Key Set (RFC 7517). Open to anybody.</summary>
internal static class PublishKeys
{
    public const string Path = "/.well-known/relais/jwks.json";

    public sealed record KeySet(IReadOnlyList<PublicKey> Keys);

    public sealed record PublicKey(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, HandleAsync).AllowAnonymous().WithName("ListIdentityKeys").WithSummary("Keys that the identity given to internal apps is checked with");

    private static async Task<Ok<KeySet>> HandleAsync(HttpContext context, IdentityKeys keys, CancellationToken cancel)
    {
        var published = await keys.PublishedAsync(cancel);
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new KeySet([.. published.Select(Public)]));
    }

    private static PublicKey Public(IdentityKey key) => new(
        "EC", "P-256", Base64Url.EncodeToString(key.Parameters.Q.X), Base64Url.EncodeToString(key.Parameters.Q.Y), "sig", "ES256", key.Id);
}
