namespace Relais.Traffic.Explore;

/// <summary>Marks the resources of the texts about the history of traffic.</summary>
internal sealed class HistoryTexts;
