namespace Relais.Desktops.Bundles;

/// <summary>A bundle has no image that could be used.</summary>
internal sealed class ImageMissingException(string message) : Exception(message);
