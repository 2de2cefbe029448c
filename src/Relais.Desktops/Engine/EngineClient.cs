using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relais.Desktops.Engine;

/// <summary>
/// The REST API that LXD and Incus share, over the daemon's unix socket. Changes answer with an operation, which is
/// awaited on the event stream.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    private const int CopyChunk = 128 * 1024;

    private readonly HttpClient _http;
    private readonly EngineEvents _events;

    public EngineClient(string socketPath, TimeProvider clock)
        : this([socketPath], clock)
    {
    }

    /// <param name="socketPaths">Of a cluster, those of its members: a member whose daemon is gone is passed over.</param>
    public EngineClient(IReadOnlyList<string> socketPaths, TimeProvider clock)
    {
        _http = new HttpClient(Handler(socketPaths)) { BaseAddress = new Uri("http://engine"), Timeout = TimeSpan.FromMinutes(10) };
        _events = new EngineEvents(socketPaths, clock);
    }

    public static SocketsHttpHandler Handler(IReadOnlyList<string> socketPaths) => new()
    {
        ConnectCallback = async (_, cancel) =>
        {
            for (var door = 0; ; door++)
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPaths[door]), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (SocketException) when (door + 1 < socketPaths.Count)
                {
                    socket.Dispose();
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }
        },
    };

    /// <summary>The metadata of a resource, or null when there is none.</summary>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        return (await ReadAsync(response, cancel))["metadata"];
    }

    /// <summary>Makes a change and waits until it is done.</summary>
    /// <exception cref="EngineException">The engine refused, or the operation failed.</exception>
    public async Task<JsonNode?> ChangeAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel)
    {
        await _events.OpenAsync(cancel);
        using var content = body is null ? null : JsonContent.Create(body);
        using var response = await SendAsync(method, path, content, cancel);
        return await CompleteAsync(response, cancel);
    }

    /// <summary>Imports an image from its metadata and root file system; gives its fingerprint.</summary>
    public async Task<string> ImportImageAsync(string metadataFile, string rootFile, CancellationToken cancel)
    {
        await _events.OpenAsync(cancel);
        await using var metadata = File.OpenRead(metadataFile);
        await using var root = File.OpenRead(rootFile);
        using var form = new MultipartFormDataContent();
        AddFile(form, "metadata", metadata);
        AddFile(form, "rootfs", root);
        using var response = await SendAsync(HttpMethod.Post, "/1.0/images", form, cancel);
        var done = await CompleteAsync(response, cancel);
        return done?["metadata"]?["fingerprint"]?.GetValue<string>()
            ?? throw new EngineException(HttpStatusCode.OK, "the import gave no fingerprint");
    }

    /// <summary>Writes a file inside an instance.</summary>
    public async Task PushFileAsync(string instance, string path, byte[] content, string mode, CancellationToken cancel)
    {
        using var body = new MemoryStream(content);
        await PushFileAsync(instance, path, body, mode, owner: 0, cancel);
    }

    /// <summary>Writes a file inside an instance for one of its accounts. Follows links, as root: only where nobody else can put any.</summary>
    /// <param name="content">Closed afterwards.</param>
    public async Task PushFileAsync(string instance, string path, Stream content, string mode, int owner, CancellationToken cancel)
    {
        using var body = new StreamContent(content);
        // A form type would silently write an empty file.
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(instance, path)) { Content = body };
        var account = owner.ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("X-LXD-uid", account);
        request.Headers.Add("X-LXD-gid", account);
        request.Headers.Add("X-LXD-mode", mode);
        request.Headers.Add("X-LXD-type", "file");
        using var response = await _http.SendAsync(request, cancel);
        await ReadAsync(response, cancel);
    }

    /// <summary>Copies a file of an instance. Follows links, as root: only where nobody else can put any.</summary>
    /// <param name="most">Bytes that are read.</param>
    public async Task CopyFileAsync(string instance, string path, Stream to, long most, CancellationToken cancel)
    {
        using var response = await _http.GetAsync(AddressOf(instance, path), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            await ReadAsync(response, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[CopyChunk];
        int read;
        while (most > 0 && (read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most)), cancel)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            most -= read;
        }

        await to.FlushAsync(cancel);
    }

    /// <summary>Removes a file inside an instance; nothing when it is not there, or cannot be reached any more.</summary>
    public async Task RemoveFileAsync(string instance, string path, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.DeleteAsync(AddressOf(instance, path), cancel);
        }
        catch (HttpRequestException)
        {
            // The engine is away; what is left there goes with the instance's root.
        }
    }

    /// <summary>Runs a command inside an instance that runs, and gives its exit code.</summary>
    public async Task<int> RunAsync(string instance, IEnumerable<string> command, int user, CancellationToken cancel)
    {
        var done = await ChangeAsync(HttpMethod.Post, $"/1.0/instances/{instance}/exec", new JsonObject
        {
            ["command"] = new JsonArray([.. command.Select(c => JsonValue.Create(c))]),
            ["user"] = user,
            ["group"] = user,
            ["wait-for-websocket"] = false,
            ["interactive"] = false,
        }, cancel);
        return done?["metadata"]?["return"]?.GetValue<int>() ?? -1;
    }

    /// <summary>Reads a file inside an instance, or null when it is not there (yet).</summary>
    public async Task<byte[]?> PullFileAsync(string instance, string path, CancellationToken cancel)
    {
        using var response = await _http.GetAsync(AddressOf(instance, path), cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancel) : null;
    }

    public void Dispose()
    {
        _http.Dispose();
        _events.Dispose();
    }

    private static Uri AddressOf(string instance, string path) =>
        new($"/1.0/instances/{instance}/files?path={Uri.EscapeDataString(path)}", UriKind.Relative);

    private static void AddFile(MultipartFormDataContent form, string name, FileStream file)
    {
        var part = new StreamContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(part, name, Path.GetFileName(file.Name));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel) =>
        _http.SendAsync(new HttpRequestMessage(method, path) { Content = content }, HttpCompletionOption.ResponseHeadersRead, cancel);

    private async Task<JsonNode?> CompleteAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var answer = await ReadAsync(response, cancel);
        if (response.StatusCode != HttpStatusCode.Accepted)
            return answer["metadata"];

        var operation = answer["operation"]?.GetValue<string>() ?? throw new EngineException(response.StatusCode, "an operation without address");
        var done = await _events.WaitAsync(operation[(operation.LastIndexOf('/') + 1)..], FindOperationAsync, cancel);
        var code = done["status_code"]?.GetValue<int>() ?? 0;
        return code == (int)HttpStatusCode.OK ? done : throw new EngineException((HttpStatusCode)code, done["err"]?.GetValue<string>() ?? "failed");
    }

    private Task<JsonNode?> FindOperationAsync(string id, CancellationToken cancel) => FindAsync($"/1.0/operations/{id}", cancel);

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        JsonNode? answer = null;
        try
        {
            answer = await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        }
        catch (JsonException)
        {
            // Reported below with the status alone.
        }

        if (response.IsSuccessStatusCode && answer is not null)
            return answer;
        throw new EngineException(response.StatusCode, answer?["error"]?.GetValue<string>() ?? "unreadable answer");
    }
}
