using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Relais.Telephony.Rooms;

/// <summary>What Janus refused, in its own words.</summary>
internal sealed class JanusException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What Janus tells of a participant's WebRTC.</summary>
internal enum HandleNews
{
    /// <summary>Its voice can flow.</summary>
    Up,

    /// <summary>Nothing comes from it any more, though it did not leave: a dead browser, a network that is away.</summary>
    Silent,

    /// <summary>Something comes again.</summary>
    Heard,
    Gone,
}

/// <summary>
/// Speaks with one Janus over its HTTP interface, which nobody else reaches: one session of ours, a handle a participant. Its long poll keeps the session alive, and
/// ends at once when Janus does.
/// </summary>
internal sealed class JanusClient(RoomServerOptions server, ILogger log) : IAsyncDisposable
{
    private const string Plugin = "janus.plugin.audiobridge";
    private const int MostUnanswered = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly SemaphoreSlim _opening = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ulong, Action<HandleNews>> _handles = new();
    private long _session;
    private int _rooms;
    private int _unanswered;
    private Task _polling = Task.CompletedTask;

    public RoomServerOptions Server => server;

    /// <summary>Whether it answered when it was last asked.</summary>
    public bool Answers { get; private set; } = true;

    /// <summary>Whether no new room is to be made here.</summary>
    public bool Draining { get; set; } = server.Draining;

    /// <summary>Which session of ours its rooms belong to; 0 for none.</summary>
    public long Session => Interlocked.Read(ref _session);

    /// <summary>How many rooms this node has there.</summary>
    public int Rooms => Volatile.Read(ref _rooms);

    /// <summary>Told when the session is gone, and all that was in it.</summary>
    public Action<JanusClient>? Lost { get; set; }

    public void Count(int rooms) => Interlocked.Add(ref _rooms, rooms);

    /// <summary>Asks whether it is there.</summary>
    public async Task PingAsync(CancellationToken cancel)
    {
        try
        {
            await PostAsync("", new JsonObject { ["janus"] = "ping" }, cancel);
            _unanswered = 0;
        }
        catch (JanusException)
        {
            Answers = false;
            // It hangs, or its machine is gone without a word: its rooms are of no use to anybody.
            if (++_unanswered >= MostUnanswered)
                Forget();
        }
    }

    /// <summary>A handle of the room plugin.</summary>
    /// <param name="told">Gets what happens to its WebRTC. Must not wait.</param>
    public async Task<ulong> AttachAsync(Action<ulong, HandleNews>? told, CancellationToken cancel)
    {
        var session = await SessionAsync(cancel);
        var answer = await PostAsync($"/{session}", new JsonObject { ["janus"] = "attach", ["plugin"] = Plugin }, cancel);
        var handle = answer["data"]?["id"]?.GetValue<ulong>() ?? throw new JanusException("no handle");
        if (told is not null)
            _handles[handle] = news => told(handle, news);
        return handle;
    }

    /// <summary>A request that is answered at once.</summary>
    public async Task<JsonNode> AskAsync(ulong handle, JsonObject body, CancellationToken cancel)
    {
        var answer = await PostAsync($"/{Session}/{handle}", new JsonObject { ["janus"] = "message", ["body"] = body }, cancel);
        return Checked(answer);
    }

    /// <summary>A request that is answered by an event.</summary>
    public async Task<JsonNode> DoAsync(ulong handle, JsonObject body, JsonObject? jsep, CancellationToken cancel)
    {
        var transaction = NewTransaction();
        var told = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[transaction] = told;
        try
        {
            var message = new JsonObject { ["janus"] = "message", ["body"] = body };
            if (jsep is not null)
                message["jsep"] = jsep;
            await PostAsync($"/{Session}/{handle}", message, cancel, transaction);
            return Checked(await told.Task.WaitAsync(Patience, cancel));
        }
        catch (TimeoutException e)
        {
            throw new JanusException("Janus did not answer in time", e);
        }
        finally
        {
            _waiting.TryRemove(transaction, out _);
        }
    }

    public async Task DetachAsync(ulong handle)
    {
        _handles.TryRemove(handle, out _);
        try
        {
            await PostAsync($"/{Session}/{handle}", new JsonObject { ["janus"] = "detach" }, CancellationToken.None);
        }
        catch (JanusException)
        {
            // Gone with its session.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _opening.Dispose();
        _stop.Dispose();
    }

    private async Task<long> SessionAsync(CancellationToken cancel)
    {
        await _opening.WaitAsync(cancel);
        try
        {
            if (Session is not 0 and var open)
                return open;
            var answer = await PostAsync("", new JsonObject { ["janus"] = "create" }, cancel);
            var session = answer["data"]?["id"]?.GetValue<long>() ?? throw new JanusException("no session");
            Interlocked.Exchange(ref _session, session);
            _polling = Task.Run(() => PollAsync(session), CancellationToken.None);
            return session;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<JsonNode> PostAsync(string path, JsonObject message, CancellationToken cancel, string? transaction = null)
    {
        message["transaction"] = transaction ?? NewTransaction();
        message["apisecret"] = server.Secret;
        try
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
            late.CancelAfter(Patience);
            using var response = await _http.PostAsJsonAsync(server.Address + path, message, late.Token);
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(late.Token) ?? throw new JanusException("an empty answer");
            Answers = true;
            if (answer["janus"]?.GetValue<string>() is not "error")
                return answer;
            // 458: it has forgotten our session, as after its own restart.
            if (answer["error"]?["code"]?.GetValue<int>() == 458)
                Forget();
            throw new JanusException(answer["error"]?["reason"]?.GetValue<string>() ?? "an error");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ObjectDisposedException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // One request that comes to nothing does not end the session: the long poll knows better.
            Answers = false;
            throw new JanusException("Janus does not answer", e);
        }
    }

    private async Task PollAsync(long session)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{server.Address}/{session}?maxev=20&apisecret={Uri.EscapeDataString(server.Secret)}");
        try
        {
            while (!_stop.IsCancellationRequested && Session == session)
            {
                if (await _http.GetFromJsonAsync<JsonNode>(address, _stop.Token) is not JsonArray told)
                    break;
                foreach (var one in told.OfType<JsonNode>())
                    Take(one);
            }
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException or IOException)
        {
            if (_stop.IsCancellationRequested)
                return;
            Answers = false;
            TelephonyLog.RoomsGone(log, server.Address, e);
        }

        if (Session == session)
            Forget();
    }

    private void Take(JsonNode told)
    {
        var kind = told["janus"]?.GetValue<string>();
        if (kind is "event" && told["transaction"]?.GetValue<string>() is { } transaction && _waiting.TryGetValue(transaction, out var waiting))
        {
            waiting.TrySetResult(told);
        }
        else if (kind is "timeout")
        {
            Forget();
        }
        else if (NewsOf(kind, told) is { } news && told["sender"]?.GetValue<ulong>() is { } handle && _handles.TryGetValue(handle, out var tell))
        {
            tell(news);
        }
    }

    private static HandleNews? NewsOf(string? kind, JsonNode told) => kind switch
    {
        "webrtcup" => HandleNews.Up,
        "media" => told["receiving"]?.GetValue<bool>() == true ? HandleNews.Heard : HandleNews.Silent,
        "hangup" or "detached" => HandleNews.Gone,
        _ => null,
    };

    private void Forget()
    {
        if (Interlocked.Exchange(ref _session, 0) == 0)
            return;
        _handles.Clear();
        foreach (var waiting in _waiting.Values)
            waiting.TrySetException(new JanusException("Janus forgot us"));
        Lost?.Invoke(this);
    }

    private static JsonNode Checked(JsonNode answer) => answer["plugindata"]?["data"] is not { } said
        ? throw new JanusException("no answer of the plugin")
        : said["error"]?.GetValue<string>() is { } error ? throw new JanusException(error) : answer;

    private static string NewTransaction() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
