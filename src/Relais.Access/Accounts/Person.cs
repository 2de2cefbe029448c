using Microsoft.AspNetCore.Identity;
using Relais.Access.Groups;

namespace Relais.Access.Accounts;

/// <summary>Somebody who may sign in. Columns that Identity knows and nobody here uses (phone, lockout) are not mapped.</summary>
internal sealed class Person : IdentityUser<Guid>
{
    public const int NameLength = 100;

    public string DisplayName { get; set; } = "";

    /// <summary>"fr" or "en".</summary>
    public string Language { get; set; } = "fr";

    public string KeyboardLayout { get; set; } = Contracts.KeyboardLayouts.Default;

    public string[] Roles { get; set; } = [];

    public List<Group> Groups { get; } = [];

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
