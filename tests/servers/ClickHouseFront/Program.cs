using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ClickHouseFront;
using ZstdSharp;

// clickhouse-front LIBRARY FOLDER PORT USER PASSWORD DATABASE...: as much of ClickHouse's HTTP interface as its driver for .NET asks for, over the library of ClickHouse.
var (folder, port, user) = (args[1], int.Parse(args[2], CultureInfo.InvariantCulture), $"{args[3]}:{args[4]}");
Library.Load(args[0]);
using var engine = new Engine(folder);
foreach (var database in args[5..])
    await engine.AskAsync(null, [], Encoding.UTF8.GetBytes($"CREATE DATABASE IF NOT EXISTS `{database}`"), "Null");

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.ListenLocalhost(port);
    kestrel.Limits.MaxRequestBodySize = null;
    // A report by quarters of an hour and the settings of its request.
    kestrel.Limits.MaxRequestLineSize = 1 << 20;
});
var app = builder.Build();
app.MapGet("/ping", () => "Ok.\n");
app.MapPost("/", async (HttpContext context) =>
{
    var query = context.Request.Query;
    if (context.Request.Headers.Authorization.ToString() != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}")
    {
        await Protocol.RefuseAsync(context, $"Code: 516. DB::Exception: {args[3]}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)");
        return;
    }

    string? rows = null;
    try
    {
        var statement = await Protocol.StatementAsync(context.Request);
        if (Protocol.TryInsert(statement.Span, out var insert, out var at, out var kind))
        {
            rows = Path.Combine(folder, $"rows-{Guid.NewGuid():N}");
            await File.WriteAllBytesAsync(rows, statement[at..]);
            statement = Encoding.UTF8.GetBytes($"{insert} FROM INFILE '{rows}' FORMAT {kind}");
        }

        var settings = query.Where(q => !Protocol.Own.Contains(q.Key)).Select(q => (q.Key, q.Value.ToString())).ToList();
        var answer = await engine.AskAsync(query["database"], settings, statement, query["default_format"] is [{ Length: > 0 } format] ? format : "TabSeparated");
        context.Response.Headers["X-ClickHouse-Query-Id"] = query["query_id"];
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }
    catch (EngineException e)
    {
        await Protocol.RefuseAsync(context, e.Message);
    }
    finally
    {
        if (rows is not null)
            File.Delete(rows);
    }
});
await app.StartAsync();
Console.WriteLine("listens");
await app.WaitForShutdownAsync();

namespace ClickHouseFront
{
    internal static partial class Protocol
    {
        /// <summary>Parameters of the interface itself; all others are settings.</summary>
        public static readonly HashSet<string> Own = new(StringComparer.Ordinal)
        {
            "query", "database", "default_format", "query_id", "session_id", "session_timeout", "enable_http_compression", "user", "password", "role", "compress", "decompress",
        };

        /// <summary>The query of the address, then the body, as ClickHouse puts them together.</summary>
        public static async Task<ReadOnlyMemory<byte>> StatementAsync(HttpRequest request)
        {
            using var whole = new MemoryStream();
            if (request.Query["query"] is [{ Length: > 0 } query])
                await whole.WriteAsync(Encoding.UTF8.GetBytes(query + "\n"));
            await using Stream body = request.Headers.ContentEncoding.ToString() switch
            {
                "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
                "zstd" => new DecompressionStream(request.Body),
                _ => request.Body,
            };
            await body.CopyToAsync(whole);
            return whole.GetBuffer().AsMemory(0, (int)whole.Length);
        }

        /// <summary>Whether it is an insert whose rows follow in its second line. The library looks for the end of a query in them, and cuts what is binary: they go by a file.</summary>
        public static bool TryInsert(ReadOnlySpan<byte> statement, out string insert, out int rows, out string format)
        {
            (insert, rows, format) = ("", statement.IndexOf((byte)'\n') + 1, "");
            if (rows == 0 || Insert().Match(Encoding.UTF8.GetString(statement[..rows]).TrimEnd()) is not { Success: true } found)
                return false;
            (insert, format) = (found.Groups["insert"].Value, found.Groups["format"].Value);
            return true;
        }

        public static async Task RefuseAsync(HttpContext context, string said)
        {
            var code = Code().Match(said) is { Success: true } found ? found.Groups["code"].Value : "1001";
            context.Response.StatusCode = code switch { "516" => StatusCodes.Status403Forbidden, "60" or "81" => StatusCodes.Status404NotFound, _ => StatusCodes.Status500InternalServerError };
            context.Response.Headers["X-ClickHouse-Exception-Code"] = code;
            await context.Response.WriteAsync(said);
        }

        [GeneratedRegex(@"^(?<insert>INSERT INTO .+) FORMAT (?<format>\w+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Insert();

        [GeneratedRegex(@"Code: (?<code>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Code();
    }
}
