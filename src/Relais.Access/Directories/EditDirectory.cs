using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;

namespace Relais.Access.Directories;

/// <summary>What an administrator says of the directory, as it was typed. An empty password keeps what is there.</summary>
internal sealed record DirectoryFields(
    DirectoryKind Kind, string? Host, int? Port, DirectorySecurity Security, string? Authority, string? BindName, string? Password, string? Base, string? Filter,
    string? UserNameAttribute, string? NameAttribute, string? MailAttribute, string? PhoneAttribute, string? SiteAttribute, string? KeyAttribute,
    string? DisabledAttribute, string? DisabledValue, GroupMembership Membership, string? GroupBase, string? GroupFilter, int? PageSize, int? EveryMinutes, int? MostDisabledPercent,
    bool SignsIn, IReadOnlyDictionary<string, string?> RoleGroups)
{
    private const int Longest = 500;

    public static DirectoryFields Of(DirectorySource kept) => new(
        kept.Kind, kept.Host, kept.Port, kept.Security, kept.Authority, kept.BindName, null, kept.Base, kept.Filter, kept.UserNameAttribute, kept.NameAttribute,
        kept.MailAttribute, kept.PhoneAttribute, kept.SiteAttribute, kept.KeyAttribute, kept.DisabledAttribute, kept.DisabledValue, kept.Membership, kept.GroupBase,
        kept.GroupFilter, kept.PageSize, kept.EveryMinutes, kept.MostDisabledPercent, kept.SignsIn, Directories.RoleGroups.Write(kept.RoleGroups));

    public IReadOnlyList<Fault> Check(DirectorySource? kept)
    {
        var faults = new List<Fault>();
        Wanted(nameof(Host), Host);
        Wanted(nameof(BindName), BindName);
        Wanted(nameof(Base), Base);
        Wanted(nameof(Filter), Filter);
        Wanted(nameof(UserNameAttribute), UserNameAttribute);
        Wanted(nameof(NameAttribute), NameAttribute);
        Wanted(nameof(MailAttribute), MailAttribute);
        Wanted(nameof(KeyAttribute), KeyAttribute);
        Wanted(nameof(GroupFilter), GroupFilter);
        // A name without a password lets anybody in as nobody (RFC 4513, 5.1.2): that is no sign of a right password.
        if (string.IsNullOrEmpty(Password) && (kept is not { Secret.Length: > 0 } || !SameServer(kept)))
            faults.Add(new Fault(nameof(Password), "empty"));
        Number(nameof(Port), Port, 1, 65535);
        Number(nameof(PageSize), PageSize, 0, 5000);
        Number(nameof(EveryMinutes), EveryMinutes, 0, 10_080);
        Number(nameof(MostDisabledPercent), MostDisabledPercent, 0, 100);
        foreach (var (field, filter) in new[] { (nameof(Filter), Filter), (nameof(GroupFilter), GroupFilter) })
        {
            if (!string.IsNullOrWhiteSpace(filter) && LdapFilter.Encode(filter) is null)
                faults.Add(new Fault(field, "directory-filter"));
        }

        if (RoleGroups.Values.Any(typed => typed?.Split('|').Any(group => group.Trim().Length > Directories.RoleGroups.NameLength) == true))
            faults.Add(new Fault(nameof(RoleGroups), "long", Directories.RoleGroups.NameLength));
        if (!string.IsNullOrWhiteSpace(Authority) && !IsCertificate(Authority))
            faults.Add(new Fault(nameof(Authority), "directory-certificate"));
        return faults;

        void Wanted(string field, string? typed)
        {
            if (string.IsNullOrWhiteSpace(typed))
                faults.Add(new Fault(field, "empty"));
            else if (typed.Trim().Length > Longest)
                faults.Add(new Fault(field, "long", Longest));
        }

        void Number(string field, int? typed, int least, int most)
        {
            if (typed is not { } number || number < least || number > most)
                faults.Add(new Fault(field, "directory-number", most));
        }
    }

    public void ApplyTo(DirectorySource source, DirectorySecrets secrets)
    {
        (source.Kind, source.Host, source.Port, source.Security) = (Kind, Text(Host), Port ?? 636, Security);
        (source.Authority, source.BindName, source.Base, source.Filter) = (Blank(Authority), Text(BindName), Text(Base), Text(Filter));
        (source.UserNameAttribute, source.NameAttribute, source.MailAttribute) = (Text(UserNameAttribute), Text(NameAttribute), Text(MailAttribute));
        (source.PhoneAttribute, source.SiteAttribute, source.KeyAttribute) = (Blank(PhoneAttribute), Blank(SiteAttribute), Text(KeyAttribute));
        (source.DisabledAttribute, source.DisabledValue, source.Membership) = (Blank(DisabledAttribute), Blank(DisabledValue), Membership);
        (source.SignsIn, source.RoleGroups) = (SignsIn, Directories.RoleGroups.Parse(RoleGroups));
        (source.GroupBase, source.GroupFilter, source.PageSize) = (Blank(GroupBase), Text(GroupFilter), PageSize ?? 0);
        (source.EveryMinutes, source.MostDisabledPercent) = (EveryMinutes ?? 0, MostDisabledPercent ?? 0);
        if (!string.IsNullOrEmpty(Password))
            source.Secret = secrets.Seal(Password);
    }

    // A kept password goes to the server that it was given for, and to no other.
    private bool SameServer(DirectorySource kept) =>
        string.Equals(kept.Host, Host?.Trim(), StringComparison.OrdinalIgnoreCase) && kept.Port == Port && string.Equals(kept.BindName, BindName?.Trim(), StringComparison.Ordinal);

    private static string Text(string? typed) => typed?.Trim() ?? "";

    private static string? Blank(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    private static bool IsCertificate(string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var certificate in found)
                certificate.Dispose();
        }
    }
}

/// <summary>Keeps how the directory is reached.</summary>
internal sealed class EditDirectory(AccessDb db, DirectorySecrets secrets, TimeProvider clock)
{
    public Task<DirectorySource?> FindAsync(CancellationToken cancel) => db.Directories.AsNoTracking().SingleOrDefaultAsync(cancel);

    public Task<List<DirectoryRun>> RunsAsync(int most, CancellationToken cancel) =>
        db.DirectoryRuns.AsNoTracking().OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(most).ToListAsync(cancel);

    public async Task<Answer> SaveAsync(DirectoryFields fields, Actor actor, CancellationToken cancel)
    {
        var source = await db.Directories.SingleOrDefaultAsync(cancel);
        if (fields.Check(source) is { Count: > 0 } faults)
            return new Answer.Refused(faults);
        if (source is null)
            db.Directories.Add(source = new DirectorySource());
        fields.ApplyTo(source, secrets);
        source.NextAt = source.EveryMinutes > 0 ? clock.GetUtcNow().AddMinutes(source.EveryMinutes) : null;
        db.Audit(clock, actor, "directory.settings-changed", detail: new { host = source.Host, signsIn = source.SignsIn, roleGroups = source.RoleGroups, everyMinutes = source.EveryMinutes, most = source.MostDisabledPercent });
        await db.SaveChangesAsync(cancel);
        return new Answer.Done(Guid.Empty);
    }

    /// <returns>False when no directory is set up.</returns>
    public async Task<bool> SignInAsync(bool on, Actor actor, CancellationToken cancel)
    {
        if (await db.Directories.SingleOrDefaultAsync(cancel) is not { } source)
            return false;
        if (source.SignsIn == on)
            return true;
        source.SignsIn = on;
        db.Audit(clock, actor, "directory.settings-changed", detail: new { host = source.Host, signsIn = on });
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
