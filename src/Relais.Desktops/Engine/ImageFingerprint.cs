using System.Security.Cryptography;

namespace Relais.Desktops.Engine;

/// <summary>How the engine names an image: the SHA-256 of its metadata followed by its root file system.</summary>
internal static class ImageFingerprint
{
    public static async Task<string> OfAsync(string metadataFile, string rootFile, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var file in new[] { metadataFile, rootFile })
        {
            await using var stream = File.OpenRead(file);
            int read;
            while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
                hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
