using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Relais.Portal.Assets;

/// <summary>The scripts and styles that Vite built, by the name of their entry: the addresses change with the content.</summary>
internal sealed class WebAssets
{
    public const string Path = "/assets/";
    private const string ManifestName = "manifest.json";

    private readonly FrozenDictionary<string, Chunk> _chunks;

    public WebAssets(IOptions<WebAssetOptions> options, IConfiguration configuration)
    {
        Folder = Find(options.Value.WebRoot, configuration["Relais:Data"] ?? "var");
        using var manifest = File.OpenRead(System.IO.Path.Combine(Folder, ManifestName));
        _chunks = (JsonSerializer.Deserialize(manifest, ManifestJson.Default.DictionaryStringChunk) ?? []).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Folder { get; }

    /// <summary>Address of an entry's script: <c>web/src/entries/NAME.ts</c>.</summary>
    public string Script(string entry) => Path + Entry(entry).File;

    /// <summary>Addresses of the style sheets that an entry imports, itself or through what it shares with other scripts.</summary>
    public IEnumerable<string> Styles(string entry) => Styles(Entry(entry)).Distinct(StringComparer.Ordinal).Select(file => Path + file);

    // Imports have no circle: Vite splits at what is shared.
    private IEnumerable<string> Styles(Chunk chunk) =>
        (chunk.Imports ?? []).SelectMany(import => Styles(_chunks[import])).Concat(chunk.Css ?? []);

    /// <summary>Addresses of all that an entry loads: its script, those it imports, their style sheets.</summary>
    public IEnumerable<string> Files(string entry) => Files(Entry(entry)).Distinct(StringComparer.Ordinal).Select(file => Path + file);

    private IEnumerable<string> Files(Chunk chunk) =>
        (chunk.Imports ?? []).SelectMany(import => Files(_chunks[import])).Concat(chunk.Css ?? []).Append(chunk.File);

    private Chunk Entry(string entry) =>
        _chunks.GetValueOrDefault($"src/entries/{entry}.ts")
        ?? throw new InvalidOperationException($"No script named {entry} in {Folder}: is there a web/src/entries/{entry}.ts, and has web/build.sh run since?");

    private static string Find(string? configured, string data)
    {
        string[] places = configured is { Length: > 0 }
            ? [configured]
            : [System.IO.Path.Combine(data, "web", "dist"), System.IO.Path.Combine(AppContext.BaseDirectory, "web")];
        var folder = Array.Find(places, place => File.Exists(System.IO.Path.Combine(place, ManifestName)));
        return folder is null
            ? throw new InvalidOperationException(
                $"The pages' scripts and styles are not built: no {ManifestName} in {string.Join(" or ", places)}. Run web/build.sh, or set {WebAssetOptions.Section}:{nameof(WebAssetOptions.WebRoot)}.")
            : System.IO.Path.GetFullPath(folder);
    }
}

/// <summary>One line of Vite's manifest.</summary>
internal sealed record Chunk(string File, IReadOnlyList<string>? Css, IReadOnlyList<string>? Imports);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, Chunk>))]
internal sealed partial class ManifestJson : JsonSerializerContext;
