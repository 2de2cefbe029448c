namespace Relais.Desktops.Capacity;

/// <summary>Names the resources of what the machines hold and who waits for room.</summary>
internal sealed class CapacityTexts;
