using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Relais.Access.Directories;

internal enum DirectoryPasswordAnswer
{
    Right,
    Wrong,

    /// <summary>Right, and the directory has shut the person out since it was last read.</summary>
    ShutOut,

    /// <summary>It could not be asked, or did not say: no word on the password.</summary>
    Away,
}

/// <summary>
/// Whose password is the directory's, and whether it is right: the directory is asked by binding as the person, over the same encryption as for reading.
/// The password is kept nowhere.
/// </summary>
internal sealed class DirectoryPasswords(AccessDb db, DirectorySecrets secrets, TimeProvider clock, ILogger<DirectoryPasswords> log)
{
    /// <summary>All whose password is the directory's: no password of Relais opens their account.</summary>
    public static IQueryable<Guid> PeopleOf(AccessDb db) => db.DirectoryLinks.Where(_ => db.Directories.Any(d => d.SignsIn)).Select(l => l.PersonId);

    public Task<bool> ConcernAsync(Guid person, CancellationToken cancel) => PeopleOf(db).AnyAsync(id => id == person, cancel);

    public Task<bool> AreUsedAsync(CancellationToken cancel) => db.Directories.AnyAsync(d => d.SignsIn, cancel);

    /// <returns>Null when the person's password is not the directory's.</returns>
    public async Task<DirectoryPasswordAnswer?> CheckAsync(Guid person, string userName, string password, CancellationToken cancel)
    {
        if (await db.Directories.AsNoTracking().SingleOrDefaultAsync(d => d.SignsIn, cancel) is not { } source
            || await db.DirectoryLinks.AsNoTracking().Where(l => l.PersonId == person).Select(l => l.Key).SingleOrDefaultAsync(cancel) is not { } key)
            return null;
        if (password.Length == 0)
            return DirectoryPasswordAnswer.Wrong;
        try
        {
            await using var connection = await LdapConnection.OpenAsync(source.Host, source.Port, source.Security, source.Authority, clock, cancel);
            await connection.BindAsync(source.BindName, secrets.Open(source.Secret), cancel);
            if (await FindAsync(connection, source, key, userName, cancel) is not { } entry)
                return DirectoryPasswordAnswer.Wrong;
            if (!await IsRightAsync(connection, entry.Name, password, cancel))
                return DirectoryPasswordAnswer.Wrong;
            return ReadDirectory.IsDisabled(source, entry) ? DirectoryPasswordAnswer.ShutOut : DirectoryPasswordAnswer.Right;
        }
        catch (DirectoryException e)
        {
            log.DirectoryPasswordUnchecked(person, e.Trouble, e.Message);
            return DirectoryPasswordAnswer.Away;
        }
    }

    // Entries move and are renamed: the one with the person's lasting key is theirs, whatever it is called today.
    private static async Task<LdapEntry?> FindAsync(LdapConnection connection, DirectorySource source, string key, string userName, CancellationToken cancel)
    {
        var bytes = Guid.TryParse(key, out var guid) ? $"({source.KeyAttribute}={LdapFilter.Escape(guid.ToByteArray())})" : "";
        var filter = $"(&{source.Filter}(|({source.KeyAttribute}={LdapFilter.Escape(key)}){bytes}({source.UserNameAttribute}={LdapFilter.Escape(userName)})))";
        string[] wanted = source.DisabledAttribute is { } disabled ? [source.KeyAttribute, disabled] : [source.KeyAttribute];
        var found = await connection.SearchAsync(source.Base, filter, wanted, source.PageSize, cancel);
        return found.Find(e => string.Equals(ReadDirectory.KeyOf(e, source.KeyAttribute), key, StringComparison.Ordinal));
    }

    private static async Task<bool> IsRightAsync(LdapConnection connection, string name, string password, CancellationToken cancel)
    {
        try
        {
            await connection.BindAsync(name, password, cancel);
            return true;
        }
        catch (DirectoryException e) when (e.Trouble is DirectoryTrouble.WrongPassword)
        {
            return false;
        }
    }
}
