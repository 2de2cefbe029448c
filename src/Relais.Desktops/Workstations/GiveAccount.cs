using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Workstations;

/// <summary>An account and its password, in the clear: on their way from the person to the gateway and nowhere else.</summary>
internal sealed record ClearAccount(string UserName, string Password);

/// <summary>Takes a person's account on a workstation, for one opening or to be kept.</summary>
internal sealed class GiveAccount(DesktopsDb db, IDataProtectionProvider protection, IOptions<WorkstationOptions> options, TimeProvider clock)
{
    private const int LongestKey = 16 * 1024;

    /// <param name="key">A private key for SSH, in place of the password.</param>
    public static IReadOnlyList<FieldFault> Check(TargetProtocol protocol, string? userName, string? password, string? key = null)
    {
        var faults = new List<FieldFault>();
        var name = (userName ?? "").Trim();
        // VNC asks for a password alone.
        if (name.Length == 0 && protocol != TargetProtocol.Vnc)
            faults.Add(new FieldFault("UserName", "empty"));
        else if (name.Length > WorkstationAccount.Longest)
            faults.Add(new FieldFault("UserName", "long", WorkstationAccount.Longest));
        else if (name.Any(char.IsControl))
            faults.Add(new FieldFault("UserName", "characters"));
        if (protocol == TargetProtocol.Ssh && !string.IsNullOrWhiteSpace(key))
        {
            if (key.Length > LongestKey || !key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
                faults.Add(new FieldFault("Key", "key"));
        }
        else if (string.IsNullOrEmpty(password))
            faults.Add(new FieldFault("Password", "empty"));
        else if (password.Length > WorkstationAccount.Longest)
            faults.Add(new FieldFault("Password", "long", WorkstationAccount.Longest));
        return faults;
    }

    public async Task HandleAsync(
        Workstation workstation, PersonId person, SignInId signIn, ClearAccount account, bool keep, Actor actor, CancellationToken cancel)
    {
        var rows = await RowsAsync(workstation.Id, person, cancel);
        var slot = keep ? Guid.Empty : signIn.Value;
        // Whoever asks to keep an account replaces everything given before; whoever does not, only what this sign-in gave.
        db.WorkstationAccounts.RemoveRange(rows.Where(row => row.SignInId != slot && (keep || row.SignInId == signIn.Value)));
        var row = rows.Find(r => r.SignInId == slot);
        var secret = WorkstationAccount.Protector(protection, workstation.Id, person.Value).Protect(account.Password);
        if (row is null)
        {
            row = new WorkstationAccount { WorkstationId = workstation.Id, PersonId = person.Value, SignInId = slot, UserName = "", Secret = "" };
            db.WorkstationAccounts.Add(row);
        }

        (row.UserName, row.Secret, row.GivenAt) = (account.UserName.Trim(), secret, clock.GetUtcNow());
        if (keep)
            db.Audit(clock, actor, "workstation.account-kept", EditWorkstations.Subject(workstation), workstation.Name, new { userName = row.UserName });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>What this sign-in gave, else what the person keeps; null when the person must be asked.</summary>
    public async Task<ClearAccount?> FindAsync(Guid workstation, PersonId person, SignInId signIn, CancellationToken cancel)
    {
        var row = await UsableAsync(workstation, person, signIn, cancel);
        return row is null ? null : new ClearAccount(row.UserName, WorkstationAccount.Protector(protection, workstation, person.Value).Unprotect(row.Secret));
    }

    public async Task<bool> HasAsync(Guid workstation, PersonId person, SignInId signIn, CancellationToken cancel) =>
        await UsableAsync(workstation, person, signIn, cancel) is not null;

    /// <summary>The name of the account that the person keeps there.</summary>
    public Task<string?> KeptNameAsync(Guid workstation, PersonId person, CancellationToken cancel) =>
        db.WorkstationAccounts.Where(a => a.WorkstationId == workstation && a.PersonId == person.Value && a.SignInId == Guid.Empty)
            .Select(a => a.UserName).SingleOrDefaultAsync(cancel);

    /// <summary>The session has it now, encrypted; one opening is over.</summary>
    public Task UsedAsync(Guid workstation, PersonId person, SignInId signIn, CancellationToken cancel) =>
        db.WorkstationAccounts.Where(a => a.WorkstationId == workstation && a.PersonId == person.Value && a.SignInId == signIn.Value)
            .ExecuteDeleteAsync(cancel);

    public async Task ForgetAsync(Workstation workstation, PersonId person, Actor actor, CancellationToken cancel)
    {
        var rows = await RowsAsync(workstation.Id, person, cancel);
        if (rows.Count == 0)
            return;
        db.WorkstationAccounts.RemoveRange(rows);
        db.Audit(clock, actor, "workstation.account-forgotten", EditWorkstations.Subject(workstation), workstation.Name);
        await db.SaveChangesAsync(cancel);
    }

    private Task<List<WorkstationAccount>> RowsAsync(Guid workstation, PersonId person, CancellationToken cancel) =>
        db.WorkstationAccounts.Where(a => a.WorkstationId == workstation && a.PersonId == person.Value).ToListAsync(cancel);

    private Task<WorkstationAccount?> UsableAsync(Guid workstation, PersonId person, SignInId signIn, CancellationToken cancel)
    {
        var oldest = clock.GetUtcNow() - options.Value.AccountTime;
        return db.WorkstationAccounts.AsNoTracking()
            .Where(a => a.WorkstationId == workstation && a.PersonId == person.Value)
            .Where(a => a.SignInId == Guid.Empty || (a.SignInId == signIn.Value && a.GivenAt > oldest))
            // What was given a moment ago wins over what is kept.
            .OrderByDescending(a => a.SignInId != Guid.Empty)
            .FirstOrDefaultAsync(cancel);
    }
}
