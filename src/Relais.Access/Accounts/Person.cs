using Microsoft.AspNetCore.Identity;
using Relais.Access.Groups;

namespace Relais.Access.Accounts;

/// <summary>Somebody who may sign in. Columns that Identity knows and nobody here uses (phone, lockout) are not mapped.</summary>
internal sealed class Person : IdentityUser<Guid>
{
    public const int NameLength = 100;
    public const int SiteLength = 80;
    public const int PhoneLength = 30;
    public const int BundleLength = 60;

    public string DisplayName { get; set; } = "";

    /// <summary>"fr" or "en".</summary>
    public string Language { get; set; } = "fr";

    public string KeyboardLayout { get; set; } = Contracts.KeyboardLayouts.Default;

    public string[] Roles { get; set; } = [];

    public List<Group> Groups { get; } = [];

    /// <summary>Where they work: a call centre or an office. Sheets of invitations are printed by it.</summary>
    public string? Site { get; set; }

    /// <summary>As it was given; nothing calls it.</summary>
    public string? Phone { get; set; }

    /// <summary>What their desktop is to be made from; null for the usual one.</summary>
    public string? Bundle { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>From this moment on the person may not sign in any more: the end of a contractor's last day.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool MustChangePassword { get; set; }

    /// <summary>The authenticator app's secret, protected; null when there is none.</summary>
    public byte[]? TotpSecret { get; set; }

    /// <summary>The last time step whose code was used: no code counts twice.</summary>
    public long TotpLastStep { get; set; }

    public bool MaySignIn(DateTimeOffset now) => DisabledAt is null && (ExpiresAt is null || now < ExpiresAt);
}
