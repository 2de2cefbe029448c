using System.Buffers.Text;
using System.Security.Cryptography;
using Relais.Access.Keys;
using Relais.Access.SignIns;

namespace Relais.Access.Invitations;

/// <summary>
/// The token of an invitation: 256 bits, made of its id with a key from the node's secret (HMAC-SHA256, HKDF). A mail that is sent again carries the same
/// link, a sheet can be shown again, and a copy of the database, which has the hash alone, opens nothing.
/// </summary>
internal sealed class InvitationToken(KeyFile keys)
{
    private readonly Lazy<byte[]> _key = new(() =>
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Secret, key, salt: [], info: "Relais.Access.Invitations"u8);
        return key;
    });

    public string Of(Guid invitation) => Base64Url.EncodeToString(Bytes(invitation));

    public byte[] HashFor(Guid invitation) => SHA256.HashData(Bytes(invitation));

    /// <summary>The hash of a token as a link carries it, or null when it can't be one.</summary>
    public static byte[]? HashOf(string? token) => SignInCookie.HashOf(token);

    public string LinkOf(Invitation invitation) => $"{invitation.Portal}/invitation/{Of(invitation.Id)}";

    private byte[] Bytes(Guid invitation) => HMACSHA256.HashData(_key.Value, invitation.ToByteArray());
}
