using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Relais.Access.Directories;

internal enum DirectoryKind
{
    /// <summary>inetOrgPerson and groupOfNames.</summary>
    OpenLdap = 0,
    ActiveDirectory = 1,
}

/// <summary>How the conversation is encrypted. There is none that is not: a password would go in clear.</summary>
internal enum DirectorySecurity
{
    Ldaps = 0,
    StartTls = 1,
}

/// <summary>Where a directory says who is in which group.</summary>
internal enum GroupMembership
{
    /// <summary>At the group: <c>member</c>.</summary>
    Member = 0,

    /// <summary>At the person: <c>memberOf</c>.</summary>
    MemberOf = 1,
}

/// <summary>The institute's directory: where it is, and how it calls what is known of people. One row, or none.</summary>
internal sealed class DirectorySource
{
    public const int Only = 1;

    public int Id { get; init; } = Only;

    public DirectoryKind Kind { get; set; }

    public string Host { get; set; } = "";

    public int Port { get; set; } = 636;

    public DirectorySecurity Security { get; set; }

    /// <summary>Certificates in PEM that it is trusted by; null for those of this system.</summary>
    public string? Authority { get; set; }

    public string BindName { get; set; } = "";

    /// <summary>Protected.</summary>
    public byte[] Secret { get; set; } = [];

    public string Base { get; set; } = "";

    public string Filter { get; set; } = "";

    public string UserNameAttribute { get; set; } = "";

    public string NameAttribute { get; set; } = "";

    public string MailAttribute { get; set; } = "";

    /// <summary>Null leaves telephones as they are here.</summary>
    public string? PhoneAttribute { get; set; }

    /// <summary>Null leaves sites as they are here.</summary>
    public string? SiteAttribute { get; set; }

    /// <summary>What stays the same when somebody is renamed: entryUUID, objectGUID.</summary>
    public string KeyAttribute { get; set; } = "";

    /// <summary>Says that somebody is shut out; null when nothing does. <c>userAccountControl</c> is read by its bit 2.</summary>
    public string? DisabledAttribute { get; set; }

    /// <summary>The value of the attribute that shuts out; null for any.</summary>
    public string? DisabledValue { get; set; }

    public GroupMembership Membership { get; set; }

    /// <summary>Null for the same as people.</summary>
    public string? GroupBase { get; set; }

    public string GroupFilter { get; set; } = "";

    public int PageSize { get; set; } = 500;

    /// <summary>0: only when somebody asks.</summary>
    public int EveryMinutes { get; set; }

    /// <summary>When more of those who may sign in would be shut out at once, nothing is done.</summary>
    public int MostDisabledPercent { get; set; } = 10;

    /// <summary>Those whom it lists sign in with its password, and with no other.</summary>
    public bool SignsIn { get; set; }

    /// <summary>Which of its groups give a role: "supervisor=Chefs de terrain". Roles that are not named are given here.</summary>
    public string[] RoleGroups { get; set; } = [];

    public DateTimeOffset? NextAt { get; set; }

    /// <summary>What the two kinds usually call things.</summary>
    public static DirectorySource Usual(DirectoryKind kind) => kind switch
    {
        DirectoryKind.OpenLdap => new DirectorySource
        {
            Kind = kind, Filter = "(objectClass=inetOrgPerson)", UserNameAttribute = "uid", NameAttribute = "cn", MailAttribute = "mail",
            PhoneAttribute = "telephoneNumber", KeyAttribute = "entryUUID", DisabledAttribute = "pwdAccountLockedTime",
            Membership = GroupMembership.Member, GroupFilter = "(objectClass=groupOfNames)",
        },
        DirectoryKind.ActiveDirectory => new DirectorySource
        {
            Kind = kind, Filter = "(&(objectCategory=person)(objectClass=user))", UserNameAttribute = "sAMAccountName", NameAttribute = "displayName",
            MailAttribute = "mail", PhoneAttribute = "telephoneNumber", KeyAttribute = "objectGUID", DisabledAttribute = "userAccountControl",
            Membership = GroupMembership.MemberOf, GroupFilter = "(objectClass=group)",
        },
    };
}

/// <summary>Whom of ours the directory knows, by its lasting key.</summary>
internal sealed class DirectoryLink
{
    public const int KeyLength = 100;

    public Guid PersonId { get; init; }

    public required string Key { get; set; }

    /// <summary>The directory shut them out; who was shut out by hand stays so.</summary>
    public bool DisabledByDirectory { get; set; }
}

internal enum DirectoryRunState
{
    Done = 0,

    /// <summary>Too many would have been shut out: nothing was done.</summary>
    Halted = 1,
    Failed = 2,
}

/// <summary>One turn of bringing people in line with the directory, whatever came of it.</summary>
internal sealed class DirectoryRun
{
    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Who asked; "Relais" for the schedule.</summary>
    public required string ByName { get; init; }

    public DirectoryRunState State { get; init; }

    public DirectoryTrouble? Trouble { get; init; }

    public string? Detail { get; init; }

    public int Created { get; init; }

    public int Changed { get; init; }

    public int Disabled { get; init; }

    public int Enabled { get; init; }

    public int Problems { get; init; }
}

/// <summary>The bind password is kept sealed: a copy of the database alone opens no directory.</summary>
internal sealed class DirectorySecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Relais.Access.Directory");

    public byte[] Seal(string secret) => _protector.Protect(Encoding.UTF8.GetBytes(secret));

    public string Open(byte[] kept) => kept.Length == 0 ? "" : Encoding.UTF8.GetString(_protector.Unprotect(kept));
}
