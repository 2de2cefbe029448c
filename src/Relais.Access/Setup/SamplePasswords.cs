using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Relais.Access.Passwords;

namespace Relais.Access.Setup;

/// <summary>The sample people's passwords: made once, kept in the data directory for its owner only, so that they can be printed again.</summary>
internal sealed class SamplePasswords(IConfiguration configuration)
{
    private readonly string _path = Path.Combine(configuration["Relais:Data"] ?? "var", "demo-passwords.json");

    public async Task<IReadOnlyDictionary<string, string>> ForAsync(IEnumerable<string> userNames, CancellationToken cancel)
    {
        var kept = File.Exists(_path)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(_path, cancel)) ?? []
            : [];
        var missing = userNames.Where(name => !kept.ContainsKey(name)).ToList();
        foreach (var name in missing)
            kept[name] = OneTimePassword.Create();
        if (missing.Count > 0)
            await KeepAsync(kept, cancel);
        return kept;
    }

    private async Task KeepAsync(Dictionary<string, string> passwords, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path)) ?? ".");
        await using var file = new FileStream(_path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await JsonSerializer.SerializeAsync(file, passwords, cancellationToken: cancel);
    }
}
