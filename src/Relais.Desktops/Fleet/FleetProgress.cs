using Relais.Desktops.Desktops;

namespace Relais.Desktops.Fleet;

/// <summary>How far a desktop of a job is, from the row of the desktop. Pure.</summary>
internal static class FleetProgress
{
    // As for a person who waits: the first failures are retried within seconds.
    public const int PatientAttempts = 3;

    /// <param name="desktop">Null when its row is gone.</param>
    /// <param name="asked">Number of the asking that is waited for.</param>
    public static FleetRowState Judge(FleetAction action, Desktop? desktop, long asked) => desktop switch
    {
        null => action == FleetAction.Delete ? FleetRowState.Done : FleetRowState.Failed,
        _ when action is FleetAction.Tag or FleetAction.Untag => FleetRowState.Done,
        _ when desktop.Reached >= asked => FleetRowState.Done,
        { State: DesktopState.Failed, Attempts: >= PatientAttempts } => FleetRowState.Failed,
        _ => FleetRowState.Doing,
    };
}
