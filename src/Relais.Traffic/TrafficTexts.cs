namespace Relais.Traffic;

/// <summary>Marks the resources of the texts about traffic.</summary>
internal sealed class TrafficTexts;
