using System.Security.Cryptography;
using System.Text;
using Relais.Gateway.Contracts;

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

    /// <summary>The only kind of client that may redeem it.</summary>
    public GrantDoor Door { get; init; }

    /// <summary>Where a native client first redeemed it from: only from there may it take the same session up again.</summary>
    public string? ClientAddress { get; set; }

    /// <summary>The device's name, as that client gave it.</summary>
    public string? ClientName { get; set; }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
