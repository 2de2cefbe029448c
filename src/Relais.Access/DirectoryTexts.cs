namespace Relais.Access;

/// <summary>The words of the directory: DirectoryTexts.resx and its translations.</summary>
public sealed class DirectoryTexts;
