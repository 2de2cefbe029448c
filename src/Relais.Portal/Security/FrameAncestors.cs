namespace Relais.Portal.Security;

/// <summary>Set on a request's features by a page that other sites may show in a frame: nobody else may, and without it nobody at all.</summary>
/// <param name="Sources">As the content security policy writes them: "https://www.example.org".</param>
public sealed record FrameAncestors(IReadOnlyList<string> Sources);
