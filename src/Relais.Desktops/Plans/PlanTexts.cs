namespace Relais.Desktops.Plans;

/// <summary>Marks the texts of continuity plans.</summary>
internal sealed class PlanTexts;
