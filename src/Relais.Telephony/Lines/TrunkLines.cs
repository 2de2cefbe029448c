using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Telephony.Calls;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Lines;

/// <summary>The trunks that are open on this node: they follow the rows, and what happens on them goes back into the rows, in its order.</summary>
internal sealed class TrunkLines(
    IServiceScopeFactory scopes, IDataProtectionProvider protection, IOptions<TelephonyOptions> options, TimeProvider clock, ILogger<TrunkLines> log)
    : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Channel<LineNews> _news = Channel.CreateUnbounded<LineNews>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _following = new(1);
    private readonly Lock _lock = new();
    private readonly List<TrunkLine> _retired = [];
    private Dictionary<Guid, TrunkLine> _lines = [];
    private SipSocket? _socket;
    private SipListener? _listener;

    /// <summary>Whether the port of SIP could not be opened: this node can place no calls.</summary>
    public bool Failed { get; private set; }

    /// <summary>Where this node speaks SIP; null where it could not.</summary>
    public IPEndPoint? Local => _socket?.Local;

    /// <summary>Datagrams of unknown senders, which got no answer.</summary>
    public long Strangers => _socket?.Strangers ?? 0;

    /// <summary>Opens, changes and closes lines so that they are as the rows say.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        await _following.WaitAsync(cancel);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TelephonyDb>();
            await PurgeCalls.HandleAsync(db, options.Value, clock.GetUtcNow(), cancel);
            var trunks = await db.Trunks.AsNoTracking().Where(t => t.Enabled).ToListAsync(cancel);
            // Without a trunk no port is open.
            if (trunks.Count > 0 && !Listen(trunks.Exists(t => t.Transport is TrunkTransport.Tcp)))
                return;
            var lines = new Dictionary<Guid, TrunkLine>();
            var made = new List<TrunkLine>();
            foreach (var trunk in trunks)
            {
                if (_lines.TryGetValue(trunk.Id, out var line) && line.Fits(trunk))
                {
                    if (line.Trunk.Revision != trunk.Revision)
                        line.Follow(trunk);
                    lines[trunk.Id] = line;
                }
                else if (await MakeAsync(trunk, cancel) is { } another)
                {
                    lines[trunk.Id] = another;
                    made.Add(another);
                }
            }

            await ReplaceAsync(lines);
            // Only now: the answer to a line's first message may be here before the next statement is, and finds its line among those that are known.
            foreach (var line in made)
                line.Open();
        }
        finally
        {
            _following.Release();
        }
    }

    /// <summary>Places a call whose row stands; false where the trunk is not open here.</summary>
    public bool Place(Guid trunk, Guid call, DialledNumber number, DialledNumber caller)
    {
        if (!_lines.TryGetValue(trunk, out var line))
            return false;
        try
        {
            line.Place(call, number, caller);
            return true;
        }
        catch (SocketException e)
        {
            // No port for its voice.
            TelephonyLog.SocketFailed(log, e);
            return false;
        }
    }

    /// <summary>Hangs up or cancels; false where the call is not on this node.</summary>
    public bool End(Guid call, CallEnd? why = null) => All().Any(line => line.End(call, why));

    /// <summary>The voice of a call that is under way here; null for another one.</summary>
    public RtpLeg? VoiceOf(Guid call) => All().Select(line => line.VoiceOf(call)).FirstOrDefault(voice => voice is not null);

    /// <summary>What was heard so far in a call that is under way here; null for another one.</summary>
    public LegQuality? QualityOf(Guid call) => All().Select(line => line.QualityOf(call)).FirstOrDefault(quality => quality is not null);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Nothing may stay ringing or billed: the peers hear of it before the port is closed, and the rows too.
        foreach (var line in All())
        {
            line.EndAll();
            line.Retire();
        }

        _news.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (_news.Reader.TryRead(out var news))
            await WriteAsync(news, cancellationToken);
        await CloseAsync();
    }

    /// <summary>Closes the port, also where nobody said stop first: then without a word to anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        _news.Writer.TryComplete();
        await CloseAsync();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var writing = Task.Run(() => WriteAllAsync(stoppingToken), CancellationToken.None);
        var resumed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
                if (!resumed && !Failed)
                {
                    await EndResumedAsync(stoppingToken);
                    resumed = true;
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                TelephonyLog.NotWritten(log, e);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CloseAsync()
    {
        foreach (var line in All())
            await line.DisposeAsync();
        if (Interlocked.Exchange(ref _listener, null) is { } listener)
            await listener.DisposeAsync();
        if (Interlocked.Exchange(ref _socket, null) is { } socket)
            await socket.DisposeAsync();
    }

    private bool Listen(bool connections)
    {
        if (_socket is not null && (_listener is not null || !connections))
            return true;
        var set = options.Value;
        try
        {
            if (_socket is null)
            {
                _socket = SipSocket.Open(IPAddress.Parse(set.Listen), set.Port, log);
                _socket.Listen(Receive);
            }

            if (connections)
                _listener ??= SipListener.Open(_socket.Local, Adopt);
            Failed = false;
        }
        catch (Exception e) when (e is SocketException or FormatException)
        {
            if (!Failed)
                TelephonyLog.CannotListen(log, set.Listen, set.Port, e);
            Failed = true;
        }

        return _socket is not null;
    }

    private List<TrunkLine> All()
    {
        lock (_lock)
            return [.. _lines.Values, .. _retired];
    }

    private async Task ReplaceAsync(Dictionary<Guid, TrunkLine> lines)
    {
        List<TrunkLine> gone, idle;
        lock (_lock)
        {
            gone = [.. _lines.Values.Except(lines.Values)];
            _lines = lines;
            idle = [.. _retired.Where(line => line.Idle)];
            _retired.RemoveAll(idle.Contains);
            _retired.AddRange(gone);
        }

        foreach (var line in gone)
            line.Retire();
        foreach (var line in idle)
            await line.DisposeAsync();
    }

    private async Task<TrunkLine?> MakeAsync(Trunk trunk, CancellationToken cancel)
    {
        if (_socket is null || await ResolveAsync(trunk.Host, cancel) is not { } address)
        {
            TelephonyLog.Unresolved(log, trunk.Name, trunk.Host);
            return null;
        }

        string? password = null;
        try
        {
            password = trunk.Secret is null ? null : Trunk.Protector(protection, trunk.Id).Unprotect(trunk.Secret);
        }
        catch (CryptographicException e)
        {
            TelephonyLog.NotWritten(log, e);
        }

        var peer = new IPEndPoint(address, trunk.Port);
        var stream = trunk.Transport is TrunkTransport.Udp ? null : new SipStream(peer, trunk.Transport is TrunkTransport.Tls ? TrunkTls.Options(trunk) : null, clock, log);
        return new TrunkLine(trunk, password, peer, new IPEndPoint(Own(peer), _socket.Local.Port), _socket.TrySend, stream, _news.Writer, options.Value, clock);
    }

    // The address that the operator sees: said, listened on, or the one that the system would take.
    private IPAddress Own(IPEndPoint peer)
    {
        if (IPAddress.TryParse(options.Value.Address, out var said))
            return said;
        if (_socket is { Local.Address: { } local } && !local.Equals(IPAddress.Any) && !local.Equals(IPAddress.IPv6Any))
            return local;
        using var socket = new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(peer);
        return (socket.LocalEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback;
    }

    private async Task<IPAddress?> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            return IPAddress.TryParse(host, out var address)
                ? address
                : (await Dns.GetHostAddressesAsync(host, cancel)).FirstOrDefault(a => a.AddressFamily == _socket?.Local.AddressFamily);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private bool Receive(SipMessage? message, SipFault? fault, IPEndPoint from)
    {
        // An operator may answer from another port than it listens on; where several share an address, the port tells them apart.
        var lines = All().Where(line => line.Trunk.Transport is TrunkTransport.Udp && line.Peer.Address.Equals(from.Address)).ToList();
        if (lines.Find(line => message is not null && line.Knows(message)) is { } known)
            known.Receive(message, fault, from);
        else if ((lines.Find(line => line.Peer.Port == from.Port) ?? lines.FirstOrDefault()) is { } line)
            line.Receive(message, fault, from);
        else
            return false;
        return true;
    }

    // An operator that connects to us: known by its address, as a datagram's sender is. Of several at one address, any will do: each has its own dialogs.
    private bool Adopt(Socket socket)
    {
        var from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        return All().Find(line => line.Trunk.Transport is TrunkTransport.Tcp && line.Peer.Address.Equals(from)) is { } line && line.Adopt(socket);
    }

    private async Task WriteAllAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(cancel))
                await WriteAsync(news, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // What is left is written at the very end.
        }
    }

    private async Task WriteAsync(LineNews news, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<WriteNews>().HandleAsync(news, cancel);
        }
        catch (Exception e) when (e is DbUpdateException or Npgsql.NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            TelephonyLog.NotWritten(log, e);
        }
    }

    private async Task EndResumedAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<EndLeftCalls>().HandleAsync(
            (trunk, invite, answer) =>
            {
                if (_lines.TryGetValue(trunk, out var line))
                    line.EndResumed(invite, answer);
            },
            cancel);
        if (found > 0)
            TelephonyLog.Restarted(log, found);
    }
}
