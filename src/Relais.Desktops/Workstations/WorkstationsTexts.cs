namespace Relais.Desktops.Workstations;

/// <summary>Marks the resources of the texts about workstations.</summary>
internal sealed class WorkstationsTexts;
