using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Relais.Access.Keys;

/// <summary>
/// The secret under which the data protection keys lie in the database. It stays in the node's data directory, so that a copy
/// of the database alone opens nothing. Nodes of one institute share the file.
/// </summary>
internal sealed class KeyFile(IConfiguration configuration)
{
    public const int LengthBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lazy<byte[]> _secret = new(() => Load(Path.Combine(configuration["Relais:Data"] ?? "var", "keys")));

    public ReadOnlySpan<byte> Secret => _secret.Value;

    private static byte[] Load(string folder)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, "protection.key");
        if (!File.Exists(path))
            Create(path);

        var secret = File.ReadAllBytes(path);
        if (secret.Length != LengthBytes)
            throw new InvalidOperationException($"{path} must hold {LengthBytes} random bytes; it holds {secret.Length}.");
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw new InvalidOperationException($"{path} can be read by others than its owner: chmod 600 {path}");
        return secret;
    }

    // Written aside and then linked: of two processes that start together, one wins and both read the same secret.
    private static void Create(string path)
    {
        var aside = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(aside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            file.Write(RandomNumberGenerator.GetBytes(LengthBytes));
        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
