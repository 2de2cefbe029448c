using System.Security.Cryptography;
using System.Text;

namespace Relais.Gateway.Sessions;

/// <summary>A token that was handed out, kept as a hash.</summary>
internal sealed class Grant
{
    public Guid Id { get; init; }

    public required byte[] TokenHash { get; init; }

    public Guid SessionId { get; init; }

    public Guid PersonId { get; init; }

    public Guid SignInId { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RedeemedAt { get; set; }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
