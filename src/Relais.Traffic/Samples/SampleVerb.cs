using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Verbs;

namespace Relais.Traffic.Samples;

/// <summary><c>relais traffic sample</c>: the sample site and radio player, on loopback, to try the tag.</summary>
internal static class SampleVerb
{
    private const int UsageError = 2;
    private const int DefaultPort = 8090;
    private const string DefaultCollector = "https://localhost:8443/c";

    private const string Usage = """
        usage: relais traffic sample --site KEY [--to https://localhost:8443/c] [--port 8090]
          serves a small site and a radio player that carry the tag relais.js, on loopback, until it is interrupted
          --site  the site's key      --to  where beacons go; the tag comes from the same host
        """;

    public static readonly Verb Verb = new("traffic sample", "a sample site and radio player with the tag: relais traffic sample --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var (site, to, port) = ("", DefaultCollector, DefaultPort);
        var arguments = call.Arguments;
        for (var i = 0; i + 1 < arguments.Count; i += 2)
        {
            (site, to, port) = arguments[i] switch
            {
                "--site" => (arguments[i + 1], to, port),
                "--to" => (site, arguments[i + 1], port),
                "--port" when int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) => (site, to, number),
                _ => ("", to, port),
            };
        }

        if (site.Length == 0 || arguments.Count % 2 != 0 || !Uri.TryCreate(to, UriKind.Absolute, out var collector))
        {
            await call.Error.WriteLineAsync(Usage);
            return arguments is ["--help"] ? 0 : UsageError;
        }

        await using var server = Build(site, collector, port);
        await server.StartAsync(cancel);
        await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/ sends to {collector}"));
        await server.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <summary>The sample's server.</summary>
    internal static WebApplication Build(string site, Uri collector, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port));
        var server = builder.Build();
        foreach (var (path, file, type) in (ReadOnlySpan<(string, string, string)>)[
            ("/", "index.html", "text/html"), ("/article", "article.html", "text/html"), ("/article/suite", "article.html", "text/html"), ("/radio", "radio.html", "text/html"),
            ("/sample.css", "sample.css", "text/css"), ("/article/sample.css", "sample.css", "text/css"), ("/sample.js", "sample.js", "text/javascript"), ("/article/sample.js", "sample.js", "text/javascript"),
        ])
        {
            var text = Read(file).Replace("{tag}", Escaped(new Uri(collector, "/relais.js").AbsoluteUri), StringComparison.Ordinal)
                .Replace("{to}", Escaped(collector.AbsoluteUri), StringComparison.Ordinal).Replace("{site}", Escaped(site), StringComparison.Ordinal);
            server.MapGet(path, () => TypedResults.Text(text, $"{type}; charset=utf-8"));
        }

        return server;
    }

    private static string Escaped(string text) => HtmlEncoder.Default.Encode(text);

    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(SampleVerb).Assembly.GetManifestResourceStream($"sample/{file}") ?? throw new InvalidOperationException($"{file} is not in this program."));
        return reader.ReadToEnd();
    }
}
