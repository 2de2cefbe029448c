using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Relais.Traffic.Log;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Collector;

/// <summary>
/// <c>GET</c> and <c>POST /c</c>: 204 says that what was sent is on this machine's disk. Before the application (<see cref="BeaconsFirst{TContext}"/>), without routing, cookies
/// or pages: it is what a hundredfold crowd meets.
/// </summary>
/// <remarks>
/// 204 taken (also again: the id tells readers), 400 malformed, 401 no key, 403 a key or page that is not allowed, 405, 413 too large, 429 too many from one network, 503 the
/// disk is behind: try again later with the same id. Kestrel itself answers 414 and 431 to what is longer than any request line or header, and 408 to a body that trickles.
/// </remarks>
internal sealed class TakeBeacons(KnownSites sites, CollectorLog log, BeaconCounts counts, IOptions<TrafficOptions> options, TimeProvider clock)
{
    public const string At = "/c";

    /// <summary>Bytes of a body: what a browser lets <c>sendBeacon</c> send.</summary>
    public const int LongestBody = 64 << 10;

    /// <summary>Beacons in one body, one a line.</summary>
    public const int MostBeacons = 100;

    private const int LongestQuery = 4096;

    private readonly NetworkLimit _limit = new(options.Value.PerNetworkPerSecond);
    private readonly Senders _senders = new(options);

    /// <param name="sender">Of the connection, for all its beacons.</param>
    public Task HandleAsync(HttpContext context, KnownSender sender)
    {
        var headers = context.Response.Headers;
        // No cookie is read or set, so any page may send.
        headers.AccessControlAllowOrigin = "*";
        headers.CacheControl = "no-store";
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method))
            return TakeAsync(context, sender, [], 0);
        if (HttpMethods.IsPost(method))
            return ReadAsync(context, sender);
        headers.Allow = headers.AccessControlAllowMethods = "GET, POST";
        if (HttpMethods.IsOptions(method))
        {
            headers.AccessControlAllowHeaders = "Content-Type";
            headers.AccessControlMaxAge = "86400";
        }

        context.Response.StatusCode = HttpMethods.IsOptions(method) ? StatusCodes.Status204NoContent : StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private async Task ReadAsync(HttpContext context, KnownSender sender)
    {
        if (context.Request.ContentLength > LongestBody)
        {
            await Refuse(context, BeaconOutcome.TooLarge);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LongestBody;
        // One more than is allowed, so that what is longer is noticed.
        var body = ArrayPool<byte>.Shared.Rent(LongestBody + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(body.AsMemory(0, LongestBody + 1), LongestBody + 1, throwOnEndOfStream: false, context.RequestAborted);
            await (length > LongestBody ? Refuse(context, BeaconOutcome.TooLarge) : TakeAsync(context, sender, body, length));
        }
        catch (BadHttpRequestException e)
        {
            await Refuse(context, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? BeaconOutcome.TooLarge : BeaconOutcome.Unreadable);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The sender left.
            counts.Add(BeaconOutcome.Unreadable);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private Task TakeAsync(HttpContext context, KnownSender sender, byte[] body, int length)
    {
        var query = context.Request.QueryString.Value.AsSpan();
        if (query.Length > LongestQuery)
            return Refuse(context, BeaconOutcome.TooLarge);
        var key = KeyIn(query);
        if (key.IsEmpty)
            return Refuse(context, BeaconOutcome.NoKey);
        if (sites.Find(key) is not { } site)
            return Refuse(context, BeaconOutcome.WrongKey);
        if (!MaySend(site, context.Request.Headers.Origin.ToString()))
            return Refuse(context, BeaconOutcome.WrongHost, site.Id);

        var now = clock.GetUtcNow();
        var address = _senders.Of(context);
        sender.Meet(site, sites.SaltOf(now), address, context.Request.Headers.UserAgent.ToString());
        var writer = new RecordWriter(site, sender, now.ToUnixTimeMilliseconds());

        var records = ArrayPool<byte>.Shared.Rent(RecordWriter.Room(length));
        try
        {
            if (length > 0)
            {
                writer.TakeLines(body.AsSpan(0, length), records);
            }
            else
            {
                Span<byte> one = stackalloc byte[query.Length];
                if (!Encoding.ASCII.TryGetBytes(query, one, out var queryLength))
                    return Refuse(context, BeaconOutcome.TooLarge, site.Id);
                writer.Take(one[..queryLength], records);
            }

            return AppendAsync(context, site.Id, address, now, writer.Result, records);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(records);
        }
    }

    // Copies the records before it returns; only the answer is waited for.
    private Task AppendAsync(HttpContext context, int site, IPAddress? address, DateTimeOffset now, in TakenBeacons taken, byte[] records)
    {
        counts.Add(BeaconOutcome.Malformed, site, taken.Malformed);
        counts.Add(BeaconOutcome.FromFuture, site, taken.FromFuture);
        counts.Add(BeaconOutcome.OptedOut, site, taken.OptedOut);
        if (taken.Count == 0)
            return taken.OptedOut > 0 ? Answer(context, StatusCodes.Status204NoContent) : SayFault(context, taken.Fault);
        if (!_limit.Allows(address, now.ToUnixTimeSeconds(), taken.Count))
            return Refuse(context, BeaconOutcome.TooMany, site, taken.Count);
        return log.Open?.Log.TryAppend(records.AsSpan(0, taken.Bytes), taken.Count, out var durable) is AppendResult.Taken
            ? AnswerWhenDurableAsync(context, site, taken.Count, taken.Robots, durable)
            : Refuse(context, BeaconOutcome.Busy, site, taken.Count);
    }

    private async Task AnswerWhenDurableAsync(HttpContext context, int site, int count, int robots, Task<bool> durable)
    {
        if (!await durable)
        {
            await Refuse(context, BeaconOutcome.Busy, site, count);
            return;
        }

        counts.Add(BeaconOutcome.Accepted, site, count);
        if (robots > 0)
            counts.Add(BeaconOutcome.Robot, site, robots);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task Refuse(HttpContext context, BeaconOutcome outcome, int site = 0, int count = 1)
    {
        counts.Add(outcome, site, count);
        var status = outcome switch
        {
            BeaconOutcome.NoKey => StatusCodes.Status401Unauthorized,
            BeaconOutcome.WrongKey or BeaconOutcome.WrongHost => StatusCodes.Status403Forbidden,
            BeaconOutcome.TooLarge => StatusCodes.Status413PayloadTooLarge,
            BeaconOutcome.TooMany => StatusCodes.Status429TooManyRequests,
            BeaconOutcome.Busy => StatusCodes.Status503ServiceUnavailable,
            BeaconOutcome.Unreadable => StatusCodes.Status408RequestTimeout,
            _ => StatusCodes.Status400BadRequest,
        };
        if (outcome is BeaconOutcome.TooMany or BeaconOutcome.Busy)
            context.Response.Headers.RetryAfter = "2";
        if (outcome is BeaconOutcome.NoKey)
            context.Response.Headers.WWWAuthenticate = "Key realm=\"c\"";
        return Answer(context, status);
    }

    private static Task SayFault(HttpContext context, string fault)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(fault);
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static bool MaySend(KnownSite site, string origin) =>
        site.Hosts.Count == 0 || origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && site.Hosts.Contains(from.Host));

    private static ReadOnlySpan<char> KeyIn(ReadOnlySpan<char> query)
    {
        foreach (var range in query.TrimStart('?').Split('&'))
        {
            var pair = query.TrimStart('?')[range];
            if (pair.StartsWith("k=", StringComparison.Ordinal))
                return pair[2..];
        }

        return [];
    }
}
