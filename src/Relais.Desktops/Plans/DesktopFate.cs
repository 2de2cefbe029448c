using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Plans;

/// <summary>What a plan would do to somebody's desktop.</summary>
internal enum FateKind
{
    New,
    Stopped,
    Frozen,
    Running,
    Left,
}

/// <param name="Bundle">What it is, or would be, made from.</param>
/// <param name="KeepsOther">Whether it is made from another bundle than the step says, and stays so.</param>
/// <param name="MemoryMiB">What it is promised when it starts, or was.</param>
internal sealed record DesktopFate(PersonId Person, FateKind Kind, string Bundle, bool KeepsOther, int MemoryMiB, int Cpus, int HomeMiB)
{
    public bool NeedsRoom => Kind is FateKind.New or FateKind.Stopped;

    /// <param name="desktop">Null when the person has none.</param>
    public static DesktopFate Of(PersonId person, Desktop? desktop, string bundle, IReadOnlyDictionary<string, Bundle> bundles)
    {
        var made = desktop?.CertificateSha256 is not null;
        var from = desktop is not null && (made || desktop.Wanted != Wanted.Stopped) ? desktop.Bundle : bundle;
        var limits = bundles.GetValueOrDefault(from)?.Limits;
        return new DesktopFate(
            person, KindOf(desktop, made), from, from != bundle,
            desktop?.MemoryMiB ?? (limits is null ? 0 : MemorySize.MiB(limits.Memory)),
            desktop?.Cpu ?? limits?.Cpu ?? 0,
            made || limits is null ? 0 : MemorySize.MiB(limits.Home));
    }

    private static FateKind KindOf(Desktop? desktop, bool made) => desktop switch
    {
        null => FateKind.New,
        { Wanted: Wanted.Archived or Wanted.Deleted } or { DeleteAt: not null } => FateKind.Left,
        { Wanted: Wanted.Running, State: DesktopState.Running } => FateKind.Running,
        { State: DesktopState.Frozen } => FateKind.Frozen,
        _ => made ? FateKind.Stopped : FateKind.New,
    };
}
