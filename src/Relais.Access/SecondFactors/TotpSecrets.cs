using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Relais.Access.SecondFactors;

/// <summary>Authenticator secrets are kept sealed: a copy of the database alone gives no codes.</summary>
internal sealed class TotpSecrets(IDataProtectionProvider protection)
{
    private static readonly TimeSpan OfferLife = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _kept = protection.CreateProtector("Relais.Access.Totp");
    private readonly ITimeLimitedDataProtector _offered = protection.CreateProtector("Relais.Access.TotpOffer").ToTimeLimitedDataProtector();

    public byte[] Seal(byte[] secret) => _kept.Protect(secret);

    public byte[] Open(byte[] kept) => _kept.Unprotect(kept);

    /// <summary>A new secret and what the form carries of it, until a code proves that the app has it.</summary>
    public (byte[] Secret, string Offer) Offer(Guid person)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretLengthBytes);
        return (secret, Convert.ToBase64String(_offered.Protect([.. person.ToByteArray(), .. secret], OfferLife)));
    }

    /// <summary>The secret that was offered to this person, or null when the offer is too old or not ours.</summary>
    public byte[]? Accept(Guid person, string? offer)
    {
        try
        {
            var opened = _offered.Unprotect(Convert.FromBase64String(offer ?? ""));
            return opened.AsSpan(0, 16).SequenceEqual(person.ToByteArray()) ? opened[16..] : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
