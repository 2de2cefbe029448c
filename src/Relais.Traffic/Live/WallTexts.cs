namespace Relais.Traffic.Live;

/// <summary>Marks the resources of the texts about the wall, channels, markers, public links and the demo's speech.</summary>
internal sealed class WallTexts;
