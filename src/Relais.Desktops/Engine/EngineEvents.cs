using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relais.Desktops.Engine;

/// <summary>
/// Waits for operations on the engine's event stream. The stream is opened on the first wait and opened again when it breaks;
/// after each opening every awaited operation is looked up, because its end may have passed unseen, and every two seconds as well.
/// A cluster forgets an operation of another member in the moment in which it ends: only the stream tells how, perhaps before the answer to the request
/// told its name. So the stream is open before anything is asked for, and the last ends are kept.
/// </summary>
internal sealed class EngineEvents(IReadOnlyList<string> socketPaths, TimeProvider clock) : IDisposable
{
    // Codes from 200 on are final; lower ones are pending or running.
    private const int Final = 200;
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // Far more than end between a request and its answer.
    private const int EndsKept = 256;

    private readonly Queue<JsonNode> _ends = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _awaited = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _start = new();
    private Task? _listening;
    private Func<string, CancellationToken, Task<JsonNode?>>? _look;

    /// <summary>Opens the stream, if it never was; an engine that does not answer is the affair of whoever asks it.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        Start();
        try
        {
            await _open.Task.WaitAsync(Again, clock, cancel);
        }
        catch (TimeoutException)
        {
            // Operations are looked up all the same.
        }
    }

    /// <summary>The operation as it stands at its end; <paramref name="look"/> asks for its present state.</summary>
    public async Task<JsonNode> WaitAsync(string id, Func<string, CancellationToken, Task<JsonNode?>> look, CancellationToken cancel)
    {
        var end = _awaited.GetOrAdd(id, _ => new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously));
        _look = look;
        Start();
        if (Ended(id) is { } ended)
            end.TrySetResult(ended);
        var missed = false;
        try
        {
            while (true)
            {
                // It may have ended before it was awaited; and what ends while the engine still adds us to those who listen, nobody is told.
                if (!end.Task.IsCompleted && !await LookAsync(id, look, cancel))
                {
                    if (missed)
                        Forget(id);
                    missed = true;
                }

                try
                {
                    return await end.Task.WaitAsync(Again, clock, cancel);
                }
                catch (TimeoutException)
                {
                    // Looked at again.
                }
            }
        }
        finally
        {
            _awaited.TryRemove(id, out _);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Start()
    {
        lock (_start)
            _listening ??= Task.Run(() => ListenAsync(_stop.Token), CancellationToken.None);
    }

    private async Task<bool> LookAsync(string id, Func<string, CancellationToken, Task<JsonNode?>> look, CancellationToken cancel)
    {
        var operation = await look(id, cancel);
        if (operation is not null)
            Notice(operation);
        return operation is not null;
    }

    private void Forget(string id) => Complete(id, new JsonObject { ["status_code"] = 404, ["err"] = "the engine forgot the operation" });

    private JsonNode? Ended(string id)
    {
        lock (_ends)
            return _ends.FirstOrDefault(e => e["id"]?.GetValue<string>() == id);
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        using var http = new HttpMessageInvoker(EngineClient.Handler(socketPaths));
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var socket = new ClientWebSocket();
                await socket.ConnectAsync(new Uri("ws://engine/1.0/events?type=operation"), http, cancel);
                _open.TrySetResult();
                await LookAtAllAsync(cancel);
                await ReadAsync(socket, cancel);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or JsonException or EngineException)
            {
                await LookAtAllQuietlyAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Retry, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAtAllAsync(CancellationToken cancel)
    {
        if (_look is not { } look)
            return;
        foreach (var id in _awaited.Keys)
        {
            if (!await LookAsync(id, look, cancel))
                Forget(id);
        }
    }

    private async Task LookAtAllQuietlyAsync(CancellationToken cancel)
    {
        try
        {
            await LookAtAllAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or EngineException or IOException)
        {
            foreach (var id in _awaited.Keys)
                Complete(id, new JsonObject { ["status_code"] = 503, ["err"] = "the engine went away" });
        }
    }

    private async Task ReadAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        var buffer = new ArraySegment<byte>(new byte[64 * 1024]);
        while (socket.State == WebSocketState.Open)
        {
            using var message = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer, cancel);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                message.Write(buffer.AsSpan(0, part.Count));
            }
            while (!part.EndOfMessage);

            if (JsonNode.Parse(message.ToArray())?["metadata"] is { } operation)
                Notice(operation);
        }
    }

    private void Notice(JsonNode operation)
    {
        if (operation["id"]?.GetValue<string>() is { } id && operation["status_code"]?.GetValue<int>() >= Final)
        {
            lock (_ends)
            {
                _ends.Enqueue(operation);
                if (_ends.Count > EndsKept)
                    _ends.Dequeue();
            }

            Complete(id, operation);
        }
    }

    private void Complete(string id, JsonNode operation)
    {
        if (_awaited.TryGetValue(id, out var end))
            end.TrySetResult(operation);
    }
}
