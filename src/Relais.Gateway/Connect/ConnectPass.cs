using System.Security.Cryptography;

namespace Relais.Gateway.Connect;

/// <summary>
/// What lets <c>relais connect</c> on one computer open hosts for a person, for some hours. The computer holds a random secret; only its hash
/// is kept here. It is good for nothing until a signed-in person has allowed its code, and no longer than that sign-in.
/// </summary>
internal sealed class ConnectPass
{
    public const int DeviceLength = 100;

    // Without letters that look alike, and without vowels, so that no word comes out.
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    public Guid Id { get; init; }

    public required byte[] SecretHash { get; init; }

    /// <summary>What the person compares, such as "BCDF-GHJK".</summary>
    public required string Code { get; init; }

    /// <summary>What the computer calls itself. Free text of somebody unknown.</summary>
    public required string Device { get; init; }

    public string? Address { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    public Guid? PersonId { get; set; }

    public Guid? SignInId { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public static string NewCode() => $"{RandomNumberGenerator.GetString(Letters, 4)}-{RandomNumberGenerator.GetString(Letters, 4)}";

    public static string NormalizeCode(string typed)
    {
        var letters = string.Concat(typed.Where(char.IsAsciiLetter)).ToUpperInvariant();
        return letters.Length == 8 ? $"{letters[..4]}-{letters[4..]}" : "";
    }
}
