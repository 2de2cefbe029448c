namespace Relais.Portal.Assets;

/// <summary>Where the built scripts and styles lie.</summary>
public sealed class WebAssetOptions
{
    public const string Section = "Portal";

    /// <summary>Folder that <c>web/build.sh</c> built. When empty: <c>web/dist</c> in the data directory, else beside the program.</summary>
    public string? WebRoot { get; set; }
}
