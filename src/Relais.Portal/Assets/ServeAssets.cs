using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Relais.Portal.Assets;

/// <summary>The built files. Their names hold a hash of their content, so a browser never asks twice.</summary>
internal static class ServeAssets
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var folder = routes.ServiceProvider.GetRequiredService<WebAssets>().Folder;

        // Only names that were there at start are served: no name that a client sends reaches the file system.
        var files = Directory.EnumerateFiles(folder).ToFrozenDictionary(path => Path.GetFileName(path), StringComparer.Ordinal);
        var types = new FileExtensionContentTypeProvider();
        routes.MapMethods(WebAssets.Path + "{file}", [HttpMethods.Get, HttpMethods.Head], Results<PhysicalFileHttpResult, NotFound> (string file, HttpContext context) =>
        {
            if (!files.TryGetValue(file, out var path) || !types.TryGetContentType(file, out var type) || file.EndsWith(".json", StringComparison.Ordinal))
                return TypedResults.NotFound();

            context.Response.Headers.CacheControl = Forever;
            return Smallest(context, path, type, smaller => files.ContainsKey(Path.GetFileName(smaller)));
        }).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>A file, as small as the browser takes it.</summary>
    public static PhysicalFileHttpResult Smallest(HttpContext context, string path, string type, Func<string, bool> exists)
    {
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        foreach (var (encoding, suffix) in Encodings)
        {
            if (Accepts(context.Request.Headers.AcceptEncoding, encoding) && exists(path + suffix))
            {
                headers.ContentEncoding = encoding;
                return TypedResults.PhysicalFile(path + suffix, type);
            }
        }

        return TypedResults.PhysicalFile(path, type);
    }

    private static readonly (string Encoding, string Suffix)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    private static bool Accepts(StringValues accepted, string encoding) =>
        StringWithQualityHeaderValue.TryParseList(accepted, out var values)
        && values.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is null or > 0);
}
