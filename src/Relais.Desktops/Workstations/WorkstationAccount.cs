using Microsoft.AspNetCore.DataProtection;

namespace Relais.Desktops.Workstations;

/// <summary>
/// A person's account on a workstation, encrypted: kept because the person asked for it, or given for one opening and gone with it.
/// </summary>
internal sealed class WorkstationAccount
{
    public const int UserNameLength = 256;

    /// <summary>The longest name and password that RDP carries ([MS-RDPBCGR] 2.2.1.11.1.1.1), and so the longest taken.</summary>
    public const int Longest = 255;

    public Guid WorkstationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>The sign-in that gave it for one opening; <see cref="Guid.Empty"/> when it is kept.</summary>
    public Guid SignInId { get; init; }

    public required string UserName { get; set; }

    /// <summary>The password, encrypted for this person on this workstation: a row moved to another is of no use.</summary>
    public required string Secret { get; set; }

    public DateTimeOffset GivenAt { get; set; }

    public static IDataProtector Protector(IDataProtectionProvider protection, Guid workstation, Guid person) =>
        protection.CreateProtector("Relais.Desktops.WorkstationAccount", workstation.ToString("N"), person.ToString("N"));
}
