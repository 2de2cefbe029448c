using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Relais.Portal.Assets;

namespace Relais.Portal.Offline;

/// <summary>
/// A program that runs in the browser and whose page is to open also while the server is away. A service worker keeps copies of its files: web/src/entries/offline.ts.
/// The list of files, each with its hash, is the version: another list is another worker, which takes all of them or none.
/// </summary>
/// <param name="Page">Where its page lies, with a slash at its end; its worker is <c>service-worker.js</c> below it.</param>
/// <param name="Entry">web/src/entries/NAME.ts, which the page loads.</param>
/// <param name="Files">Where the program's own files lie, without a slash at the beginning.</param>
public sealed record OfflineProgram(string Page, string Entry, string Files)
{
    private sealed record CopiedFile(string Address, string Integrity);

    private sealed record CopyList(string Version, string Page, string Shell, IReadOnlyList<CopiedFile> Files);

    // Source maps are for those who look into it. A program that is not published has symbols, and asks for them.
    private static readonly string[] Kinds = [".js", ".wasm", ".dat", ".json", ".pdb"];

    private Lazy<CopyList>? _list;

    /// <summary>Where the page lies that is shown when the server is away: for everybody the same, without a word on who is here.</summary>
    public string Shell => $"{Page}offline";

    /// <summary>Names the present set of files; stands in the shell.</summary>
    public string Version => _list?.Value.Version ?? "";

    /// <summary>Serves the worker. The shell is the caller's own page, and anybody may read it.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        _list = new Lazy<CopyList>(() => List(services.GetRequiredService<EndpointDataSource>(), services.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider, services.GetRequiredService<WebAssets>()));
        routes.MapGet($"{Page}service-worker.js", ContentHttpResult (HttpContext context, WebAssets built) =>
        {
            // Asked for at each opening of the page: so a newer server is noticed.
            context.Response.Headers.CacheControl = "no-cache";
            var script = File.ReadAllText(Path.Combine(built.Folder, built.Script("offline")[WebAssets.Path.Length..]));
            return TypedResults.Text($"const RELAIS_OFFLINE = {JsonSerializer.Serialize(_list.Value, JsonSerializerOptions.Web)};\n{script}", "text/javascript", Encoding.UTF8);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private CopyList List(EndpointDataSource endpoints, IFileProvider root, WebAssets built)
    {
        // Of a file's several addresses the one that it lies under is the one that programs ask for: with a hash in its name, but for the first two.
        var program = endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<StaticAssetDescriptor>()).OfType<StaticAssetDescriptor>()
            .Where(a => a.Route == a.AssetPath && a.Selectors.Count == 0 && a.Route.StartsWith(Files, StringComparison.Ordinal) && Kinds.Any(kind => a.Route.EndsWith(kind, StringComparison.Ordinal)))
            .Select(a => new CopiedFile("/" + a.Route, Hash(root.GetFileInfo(a.AssetPath).CreateReadStream())));
        var scripts = built.Files(Entry).Select(file => new CopiedFile(file, Hash(File.OpenRead(Path.Combine(built.Folder, file[WebAssets.Path.Length..])))));
        var files = program.Concat(scripts).DistinctBy(f => f.Address, StringComparer.Ordinal).OrderBy(f => f.Address, StringComparer.Ordinal).ToList();
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files))))[..16];
        return new CopyList(version, Page, Shell, files);
    }

    private static string Hash(Stream content)
    {
        using (content)
            return "sha256-" + Convert.ToBase64String(SHA256.HashData(content));
    }
}
