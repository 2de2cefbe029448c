using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Access.Passkeys;

internal sealed class RenamePasskey(AccessDb db)
{
    /// <summary>False when the person has no such passkey.</summary>
    public async Task<bool> HandleAsync(HttpContext context, byte[] credential, string? name, CancellationToken cancel)
    {
        var id = context.User.PersonId().Value;
        if (await db.Passkeys.SingleOrDefaultAsync(k => k.CredentialId == credential && k.UserId == id, cancel) is not { } passkey)
            return false;
        passkey.Data.Name = RegisterPasskey.NameOf(name);
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>A credential's id as addresses carry it; null when it can't be one.</summary>
    public static byte[]? IdOf(string? text) => text is { Length: > 0 } && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
