namespace Relais.Fieldwork.Forms.Tests;

/// <summary>The files of Reference/, by their path under it.</summary>
internal static class Reference
{
    /// <summary>Every file whose path starts with <paramref name="folder"/> and ends with <paramref name="ending"/>, in ordinal order.</summary>
    public static IEnumerable<string> Names(string folder, string ending) =>
        typeof(Reference).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The bytes of one file.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(Reference).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
