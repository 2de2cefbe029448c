namespace Relais.Desktops.Pools;

/// <summary>Marks the texts of pools.</summary>
internal sealed class PoolsTexts;
