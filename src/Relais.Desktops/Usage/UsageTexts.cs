namespace Relais.Desktops.Usage;

/// <summary>Names the resources of what desktops took and what will be needed.</summary>
internal sealed class UsageTexts;
