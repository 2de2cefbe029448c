namespace Relais.Portal;

/// <summary>The shell's words: PortalTexts.resx (French) and PortalTexts.en.resx.</summary>
public sealed class PortalTexts;
