namespace Relais.Traffic.Markers;

/// <summary>A moment that somebody named, to see it in the live figures and to ask afterwards what it drew.</summary>
internal sealed class EventMarker
{
    public const int LongestName = 80;

    public Guid Id { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset At { get; set; }

    public required string MadeBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
