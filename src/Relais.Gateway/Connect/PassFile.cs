using System.Text.Json;

namespace Relais.Gateway.Connect;

/// <summary>The passes that this computer holds, by server, in the user's own configuration folder; only the user may read them.</summary>
internal sealed class PassFile(string path)
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static PassFile OfUser() => new(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "relais", "connect.json"));

    public string? Find(Uri server) => Read().GetValueOrDefault(server.GetLeftPart(UriPartial.Authority));

    /// <summary>A null forgets.</summary>
    public void Keep(Uri server, string? secret)
    {
        var passes = Read();
        passes.Remove(server.GetLeftPart(UriPartial.Authority));
        if (secret is not null)
            passes[server.GetLeftPart(UriPartial.Authority)] = secret;

        var folder = Path.GetDirectoryName(path) ?? "";
        Directory.CreateDirectory(folder, OnlyOwner | UnixFileMode.UserExecute);
        // Written beside and renamed: several ssh may start at once.
        var beside = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OnlyOwner }))
            JsonSerializer.Serialize(file, passes);
        File.Move(beside, path, overwrite: true);
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [];
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
