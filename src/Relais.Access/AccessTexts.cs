namespace Relais.Access;

/// <summary>The module's words: AccessTexts.resx (French) and AccessTexts.en.resx.</summary>
public sealed class AccessTexts;
