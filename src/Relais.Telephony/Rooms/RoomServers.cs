using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Relais.Telephony.Rooms;

/// <summary>The voice servers of this node: asked again and again whether they are there; a new room goes to the one that answers and has the fewest.</summary>
internal sealed class RoomServers : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);

    private readonly TelephonyOptions _options;
    private readonly ILogger<RoomServers> _log;
    private readonly HashSet<JanusClient> _swept = [];
    private int _disposed;

    public RoomServers(IOptions<TelephonyOptions> options, ILogger<RoomServers> log)
    {
        (_options, _log) = (options.Value, log);
        All = [.. _options.Rooms.Where(server => server.Address.Length > 0).Select(server => new JanusClient(server, log))];
        foreach (var janus in All)
            janus.Lost = gone => Lost?.Invoke(gone);
    }

    public IReadOnlyList<JanusClient> All { get; }

    /// <summary>A server's rooms are gone.</summary>
    public Action<JanusClient>? Lost { get; set; }

    /// <summary>Makes a room. JanusException where no server does.</summary>
    public async Task<Room> OpenAsync(CancellationToken cancel)
    {
        JanusException? last = null;
        foreach (var janus in All.OrderBy(janus => janus.Draining).ThenByDescending(janus => janus.Answers).ThenBy(janus => janus.Rooms).ToList())
        {
            try
            {
                return await Room.CreateAsync(janus, _options.Node, cancel);
            }
            catch (JanusException e)
            {
                last = e;
            }
        }

        throw last ?? new JanusException("no voice server");
    }

    public async ValueTask DisposeAsync()
    {
        // Once as a service of its own, once as a hosted one.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        foreach (var janus in All)
            await janus.DisposeAsync();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (All.Count == 0)
            return;
        // The system's own time: what answers or not does so in the world's, whatever clock the calls are kept by.
        using var pace = new PeriodicTimer(AskEvery);
        try
        {
            do
            {
                foreach (var janus in All)
                    await AskAsync(janus, stoppingToken);
            }
            while (await pace.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    private async Task AskAsync(JanusClient janus, CancellationToken cancel)
    {
        var before = janus.Answers;
        await janus.PingAsync(cancel);
        if (janus.Answers != before)
            TelephonyLog.Rooms(_log, janus.Server.Address, janus.Answers);
        // Once, before this node has rooms of its own there.
        if (!janus.Answers || janus.Rooms > 0 || !_swept.Add(janus))
            return;
        try
        {
            if (await Room.SweepAsync(janus, _options.Node, [], cancel) is > 0 and var left)
                TelephonyLog.Swept(_log, janus.Server.Address, left);
        }
        catch (JanusException e)
        {
            TelephonyLog.RoomsGone(_log, janus.Server.Address, e);
        }
    }
}
