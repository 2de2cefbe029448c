namespace Relais.Portal.Security;

/// <summary>
/// Lets one page do what the content security policy forbids to the others. Values are sources as the policy writes them,
/// separated by spaces. Such a page is always loaded as a document of its own, because a policy belongs to a document.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public class ContentSecurityAttribute : Attribute
{
    public string Scripts { get; init; } = "";

    public string Styles { get; init; } = "";

    public string Connects { get; init; } = "";

    public string Images { get; init; } = "";

    /// <summary>Where workers may come from; empty: as scripts.</summary>
    public string Workers { get; init; } = "";

    /// <summary>Whether other sites may load it.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether the page may ask for the microphone.</summary>
    public bool Microphone { get; init; }
}
