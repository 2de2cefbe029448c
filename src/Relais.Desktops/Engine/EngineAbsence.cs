namespace Relais.Desktops.Engine;

/// <summary>Why there is no engine: a reason that pages put into words, and what the reason is about.</summary>
/// <param name="Reason">"root", "packages", "image", "engine" or "absent".</param>
/// <param name="Detail">Packages by name, or the engine's own words.</param>
internal sealed record EngineAbsence(string Reason, string Detail)
{
    private static readonly string[] Reasons = ["root", "packages", "image", "engine"];

    public static EngineAbsence NotStarted { get; } = new("absent", "");

    /// <summary>Reads what the launcher noted, "REASON: DETAIL".</summary>
    public static EngineAbsence Parse(string noted)
    {
        var colon = noted.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Reasons.Contains(noted[..colon]) ? new(noted[..colon], noted[(colon + 1)..].Trim()) : new("engine", noted);
    }
}
