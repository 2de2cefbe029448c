namespace Relais.Fieldwork;

/// <summary>Marks the resources of this module's texts.</summary>
internal sealed class FieldworkTexts;
