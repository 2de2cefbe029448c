namespace Relais.Access;

/// <summary>The words of signing in by another issuer: OpenIdTexts.resx and its translations.</summary>
public sealed class OpenIdTexts;
