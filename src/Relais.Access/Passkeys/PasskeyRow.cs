using Microsoft.AspNetCore.Identity;

namespace Relais.Access.Passkeys;

/// <summary>
/// Passkeys are written row by row here, not through UserManager: its AddOrUpdatePasskeyAsync ends in an update of every
/// column of the person, with what they were when they were read, and would undo a change made meanwhile.
/// </summary>
internal static class PasskeyRow
{
    public static IdentityUserPasskey<Guid> Of(Guid person, UserPasskeyInfo passkey, string name, DateTimeOffset now) => new()
    {
        UserId = person,
        CredentialId = passkey.CredentialId,
        Data = new IdentityPasskeyData
        {
            PublicKey = passkey.PublicKey,
            Name = name,
            CreatedAt = now,
            SignCount = passkey.SignCount,
            Transports = passkey.Transports,
            IsUserVerified = passkey.IsUserVerified,
            IsBackupEligible = passkey.IsBackupEligible,
            IsBackedUp = passkey.IsBackedUp,
            AttestationObject = passkey.AttestationObject,
            ClientDataJson = passkey.ClientDataJson,
        },
    };
}
