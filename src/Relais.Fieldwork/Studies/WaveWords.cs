using Relais.Portal.Kit;

namespace Relais.Fieldwork.Studies;

/// <summary>How states of a wave look.</summary>
internal static class WaveWords
{
    public static StateKind Kind(WaveState state) => state switch
    {
        WaveState.Preparing => StateKind.Neutral,
        WaveState.Running => StateKind.Good,
        WaveState.Paused => StateKind.Warning,
        WaveState.Closed => StateKind.Idle,
    };
}
