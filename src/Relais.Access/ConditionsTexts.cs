namespace Relais.Access;

/// <summary>The words of access rules, of their pages and of their refusals: ConditionsTexts.resx and its translations.</summary>
public sealed class ConditionsTexts;
