using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relais.Desktops.Bundles;

/// <summary>What an image is built from, with what its bundle takes over from others: base, packages, languages and files.</summary>
/// <param name="Overlays">Folders whose files are laid over the root, in this order.</param>
internal sealed record BundleRecipe(
    string Name, BundleRelease Base, IReadOnlyList<string> Packages, IReadOnlyList<string> Locales, IReadOnlyList<string> Overlays)
{
    private const int HashLength = 16;

    // As jq writes it, which the build script hashes.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The name of the image's content, 16 hexadecimal digits: the same as build-image.sh gives it (in the C locale) over packages, languages, files and
    /// the script itself. Limits and titles are no part of it.
    /// </summary>
    public string Hash(byte[] script)
    {
        var made = new StringBuilder();
        made.Append(Json(named: false)).Append('\n');
        made.Append(Convert.ToHexStringLower(SHA256.HashData(script))).Append("  -\n");
        var files = Files();
        foreach (var (path, source) in files)
        {
            if (CanRun(source))
                made.Append(path).Append('\n');
        }

        foreach (var (path, source) in files)
            made.Append(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)))).Append("  ").Append(path).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made.ToString())))[..HashLength];
    }

    /// <summary>Lays all of it out as a bundle that stands alone, which the build script takes.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "overlay"));
        File.WriteAllText(Path.Combine(folder, "bundle.json"), Json(named: true));
        foreach (var (path, source) in Files())
        {
            var target = Path.Combine(folder, "overlay", path[2..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? folder);
            File.Copy(source, target, overwrite: true);
            var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(target, CanRun(source) ? mode | UnixFileMode.UserExecute : mode);
        }
    }

    // By the path in the root ("./etc/..."), in the order of bytes; what comes later in the overlays counts.
    private SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var overlay in Overlays.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(overlay, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
                files["./" + Path.GetRelativePath(overlay, file)] = file;
        }

        return files;
    }

    private static bool CanRun(string file) => File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);

    // Keys in the order of their names, as jq -S does.
    private string Json(bool named)
    {
        var content = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["base"] = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["components"] = Base.Components, ["distribution"] = Base.Distribution, ["release"] = Base.Release,
            },
            ["locales"] = Locales,
            ["packages"] = Packages,
        };
        if (named)
            content["name"] = Name;
        return JsonSerializer.Serialize(content, Plain);
    }
}
