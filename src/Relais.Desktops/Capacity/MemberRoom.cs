namespace Relais.Desktops.Capacity;

/// <summary>What one machine may promise to desktops and has promised, in MiB.</summary>
/// <param name="Name">Empty when there is but one machine.</param>
/// <param name="IsOpen">Whether new desktops may be put there; those that are there may start in any case.</param>
internal sealed record MemberRoom(string Name, long BudgetMiB, long PromisedMiB, bool IsOpen = true)
{
    public long LeftMiB => BudgetMiB - PromisedMiB;
}
