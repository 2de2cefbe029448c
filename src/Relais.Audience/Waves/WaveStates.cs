using Relais.Portal.Kit;

namespace Relais.Audience.Waves;

/// <summary>A wave's state in words of the texts: "Wave.State.CODE". A published one under embargo is another state to people.</summary>
internal static class WaveStates
{
    public const string Embargo = "Embargo";

    public static string CodeOf(Wave wave, DateTimeOffset now) => wave.State == WaveState.Published && !wave.IsOpenAt(now) ? Embargo : wave.State.ToString();

    public static StateKind KindOf(string code) => code switch
    {
        nameof(WaveState.Published) => StateKind.Good,
        Embargo => StateKind.Idle,
        nameof(WaveState.Review) => StateKind.Warning,
        nameof(WaveState.Weighting) => StateKind.Busy,
        _ => StateKind.Neutral,
    };
}
