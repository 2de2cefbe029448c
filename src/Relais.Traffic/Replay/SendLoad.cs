using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Relais.Traffic.Replay;

/// <summary>What came of a load.</summary>
internal sealed class LoadResult
{
    private readonly Lock _gate = new();
    private readonly List<double> _latencies = [];
    private readonly List<(long At, long Accepted)> _progress = [];
    private long _accepted;

    public long Sent;

    public long Refused;

    /// <summary>Without any answer: the connection broke. It may be on disk or not; a player sends it again.</summary>
    public long Unanswered;

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>When (by <see cref="Stopwatch"/>) so many had been accepted.</summary>
    public long? WhenAccepted(long count)
    {
        lock (_gate)
            return _progress.Find(p => p.Accepted >= count) is { At: > 0 } found ? found.At : null;
    }

    public void Answered(int status, double milliseconds)
    {
        if (status != 204)
        {
            Interlocked.Increment(ref Refused);
            return;
        }

        var count = Interlocked.Increment(ref _accepted);
        lock (_gate)
        {
            _latencies.Add(milliseconds);
            if (count % 64 == 0)
                _progress.Add((Stopwatch.GetTimestamp(), count));
        }
    }

    /// <summary>Milliseconds from the moment a beacon was due to its 204.</summary>
    public double[] Latencies()
    {
        lock (_gate)
            return [.. _latencies.Order()];
    }
}

/// <summary>
/// An open-loop load of beacons: each is sent when it is due, not when the one before was answered, and its latency counts from then. Keep-alive connections, and
/// HTTP by hand, because the sender shares the machine with the collector and must cost less than it.
/// </summary>
/// <param name="names">Channels that are heard, the most heard first; without, twenty numbered ones.</param>
internal sealed class SendLoad(Uri to, string key, LoadCurve curve, int connections, bool retries, IReadOnlyList<string>? names = null)
{
    private const int Channels = 20;
    private const int MostTries = 8;

    // Another load's ids would be taken for beacons that are sent again.
    private readonly int _seed = RandomNumberGenerator.GetInt32(int.MaxValue / 2);
    private readonly string[] _channels = [.. (names ?? [.. Enumerable.Range(1, Channels).Select(n => string.Create(CultureInfo.InvariantCulture, $"Radio {n}"))]).Select(Uri.EscapeDataString)];
    private readonly Channel<long> _due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });

    public LoadResult Result { get; } = new();

    public async Task RunAsync(CancellationToken cancel)
    {
        var senders = Enumerable.Range(0, connections).Select(n => Task.Run(() => SendAsync(new Random(_seed + n), cancel), CancellationToken.None)).ToList();
        await Task.Factory.StartNew(() => Dispatch(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(senders);
    }

    private void Dispatch(CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        long given = 0;
        for (var second = 0.0; second < curve.Seconds && !cancel.IsCancellationRequested; second = Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            for (var due = (long)curve.DueAt(second); given < due; given++)
                _due.Writer.TryWrite(Stopwatch.GetTimestamp());
            // A millisecond, without the timers of a busy pool.
            cancel.WaitHandle.WaitOne(1);
        }

        _due.Writer.Complete();
    }

    private async Task SendAsync(Random chance, CancellationToken cancel)
    {
        Stream? stream = null;
        var answer = new byte[1024];
        await foreach (var due in _due.Reader.ReadAllAsync(cancel))
        {
            Interlocked.Increment(ref Result.Sent);
            var request = Request(chance);
            var status = 0;
            for (var tries = 0; status != 204 && tries < (retries ? MostTries : 1) && !cancel.IsCancellationRequested; tries++)
            {
                // With jitter, and the same id.
                if (tries > 0)
                    cancel.WaitHandle.WaitOne(chance.Next(50, 400));
                try
                {
                    stream ??= await ConnectAsync(cancel);
                    await stream.WriteAsync(request, cancel);
                    status = await StatusAsync(stream, answer, cancel);
                }
                catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
                {
                    status = 0;
                    stream = await CloseAsync(stream);
                }
            }

            if (status == 0)
                Interlocked.Increment(ref Result.Unanswered);
            else
                Result.Answered(status, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
        }

        await CloseAsync(stream);
    }

    private byte[] Request(Random chance)
    {
        // A visit in two opens a page, the other starts a player; some channels are much more heard than others.
        var channel = _channels[(int)(_channels.Length * chance.NextDouble() * chance.NextDouble())];
        var (a, b) = (chance.NextInt64(), chance.NextInt64());
        var what = chance.Next(2) == 0 ? "e=view&p=/direct" : string.Create(CultureInfo.InvariantCulture, $"e=start&n={b | 1:x16}&c={channel}&l=web");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"GET /c?k={key}&{what}&i={a:x16}{b | 1:x16}&u={a:x16}&r=FR-IDF HTTP/1.1\r\nHost: {to.Authority}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\r\n"));
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to.Host, to.Port, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (to.Scheme != Uri.UriSchemeHttps)
                return plain;
            // To this machine only: what is sent is made up, and the certificate may be of a local authority.
            var encrypted = new SslStream(plain, false, (_, _, _, _) => to.IsLoopback);
            await encrypted.AuthenticateAsClientAsync(to.Host);
            return encrypted;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<int> StatusAsync(Stream stream, byte[] answer, CancellationToken cancel)
    {
        var have = 0;
        while (true)
        {
            var read = await stream.ReadAsync(answer.AsMemory(have), cancel);
            have += read;
            var head = answer.AsSpan(0, have);
            // Whatever is answered has no body, or a very short one in the same packet.
            if (head.IndexOf("\r\n\r\n"u8) >= 0 && int.TryParse(head.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                return status;
            if (read == 0 || have == answer.Length)
                throw new IOException("The answer broke off.");
        }
    }

    private static async Task<Stream?> CloseAsync(Stream? stream)
    {
        if (stream is not null)
            await stream.DisposeAsync();
        return null;
    }
}
