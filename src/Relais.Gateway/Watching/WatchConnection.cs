using System.Net.WebSockets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Consoles;
using Relais.Gateway.Contracts;
using Relais.Gateway.Pictures;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;
using Relais.Kernel.Audit;
using Relais.Recordings;

namespace Relais.Gateway.Watching;

/// <summary>
/// One browser of somebody who watches a session: waits for its person's answer, and then shows what they see. Nothing that is typed here
/// reaches the target.
/// </summary>
internal sealed class WatchConnection(
    GatewayDb db, LiveSessions live, DialTarget dial, IDataProtectionProvider protection, IOptions<GatewayOptions> options, TimeProvider clock) : IBrowserConnection
{
    public const string Path = "/gateway/watch";

    /// <summary>How long a wish to watch waits for its answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PicturePatience = TimeSpan.FromSeconds(30);

    private const WebSocketCloseStatus Refused = (WebSocketCloseStatus)4020;
    private const WebSocketCloseStatus Unanswered = (WebSocketCloseStatus)4021;
    private const WebSocketCloseStatus NotHere = (WebSocketCloseStatus)4022;
    private const WebSocketCloseStatus Over = (WebSocketCloseStatus)4023;

    private static readonly byte[] Ready = [.. "ready"u8];

    public async Task RunAsync(WebSocket socket, HttpContext context, CancellationToken late)
    {
        var stop = context.RequestAborted;
        var hello = await ConsoleHello.ReceiveAsync(socket, late, stop);
        var signIn = context.User.SignInId();
        if (!Guid.TryParse(hello?.Token, out var id) || await FindAsync(id, context.User.PersonId(), signIn, stop) is not { } watch)
        {
            await CloseCodes.CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, clock, stop);
            return;
        }

        var code = NotHere;
        try
        {
            if (live.All.FirstOrDefault(s => s.SessionId == watch.SessionId) is { } held)
                code = await AnswerAsync(id, stop) ?? await ShowAsync(socket, watch, held, signIn, stop);
        }
        finally
        {
            await EndAsync(watch, Actor.Of(context));
        }

        await CloseCodes.CloseAsync(socket, code, clock, stop);
    }

    // Whoever knows the number is not yet the one who asked. Their page may still be loading when the answer comes: it is good for a moment.
    private async Task<Watch?> FindAsync(Guid id, PersonId person, SignInId signIn, CancellationToken cancel)
    {
        var since = clock.GetUtcNow() - Patience;
        return await db.Watches.AsNoTracking().SingleOrDefaultAsync(
            w => w.Id == id && w.AskedBy == person.Value && w.SignInId == signIn.Value
                && (w.State == WatchState.Asked || ((w.State == WatchState.Accepted || w.State == WatchState.Refused) && w.AnsweredAt > since)),
            cancel);
    }

    // Null once it was accepted.
    private async Task<WebSocketCloseStatus?> AnswerAsync(Guid id, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var look = new PeriodicTimer(options.Value.WatchEvery, clock);
        try
        {
            while (await look.WaitForNextTickAsync(either.Token))
            {
                var state = await db.Watches.AsNoTracking().Where(w => w.Id == id).Select(w => w.State).SingleAsync(either.Token);
                if (state != WatchState.Asked)
                    return state == WatchState.Accepted ? null : Refused;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody answered, or whoever asked left.
        }

        return Unanswered;
    }

    private async Task<WebSocketCloseStatus> ShowAsync(WebSocket socket, Watch watch, LiveSession held, SignInId signIn, CancellationToken stop)
    {
        var session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == watch.SessionId, stop);
        using var watcher = new Watcher(watch.Id, signIn);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(watcher.Stopped, held.Stopped, stop);
        // Known before it is shown anything, so that the mark is on the person's screen within a second.
        if (!held.Watchers.Add(watcher))
            return NotHere;
        try
        {
            await using var browser = new PageSocket(socket);
            using var limit = new CancellationTokenSource(options.Value.HandshakeTime, clock);
            await socket.SendAsync(Ready, WebSocketMessageType.Text, endOfMessage: true, ended.Token);
            if (session.Protocol == TargetProtocol.Vnc)
                return await ShowScreenAsync(browser, session, limit.Token, ended.Token);
            return await ShowChunksAsync(browser, watcher, held, ended.Token);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return Over;
        }
        finally
        {
            held.Watchers.Remove(watcher);
        }
    }

    private async Task<WebSocketCloseStatus> ShowChunksAsync(PageSocket browser, Watcher watcher, LiveSession held, CancellationToken ended)
    {
        // Reads too: that is how a page that leaves is noticed. What it sends goes nowhere.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var leaving = LeaveAsync(browser, gone);
        try
        {
            await foreach (var chunk in watcher.ShownAsync(gone.Token))
            {
                if (await (Watcher.IsPicture(chunk) ? PictureAsync(watcher.Watch, held, gone.Token) : Task.FromResult<byte[]?>(chunk)) is not { } shown)
                    return NotHere;
                await browser.WriteAsync(shown, gone.Token);
            }

            return Over;
        }
        finally
        {
            await gone.CancelAsync();
            await leaving;
        }
    }

    // Only the person's own page knows what was drawn before: it is asked for it, and gives it to whichever node it reaches.
    private async Task<byte[]?> PictureAsync(Guid watch, LiveSession held, CancellationToken cancel)
    {
        await Picture.DropAsync(db, watch, cancel);
        held.Tell(Notice.PictureWanted(watch));
        using var limit = new CancellationTokenSource(PicturePatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var look = new PeriodicTimer(options.Value.WatchEvery / 4, clock);
        try
        {
            while (await look.WaitForNextTickAsync(either.Token))
            {
                if (await db.Pictures.AsNoTracking().Where(p => p.Of == watch).Select(p => p.Bytes).SingleOrDefaultAsync(either.Token) is { } bytes)
                    return Watcher.Chunk(RecordingChunkKind.Picture, bytes);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // An old page, which does not know the question, or a line that takes nothing up.
        }

        return null;
    }

    private static async Task LeaveAsync(PageSocket browser, CancellationTokenSource gone)
    {
        var nothing = new byte[256];
        try
        {
            while (await browser.ReadAsync(nothing, gone.Token) > 0)
            {
                // Not for the target.
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // Left without a word, or told to go.
        }

        await gone.CancelAsync();
    }

    // A client of its own beside the person's: a screen that is joined in its midst cannot be drawn from the person's bytes.
    private async Task<WebSocketCloseStatus> ShowScreenAsync(PageSocket browser, Session session, CancellationToken late, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, ended);
        var password = TargetSecret.Protector(protection).Unprotect(session.Secret);
        if (await VncConnection.EnterAsync(dial, session, password, watches: true, either.Token) is not Entry.Entered { Console: { } console })
            return NotHere;
        await using (console)
        {
            if (await console.GreetAsync(browser, either.Token) is not { } stream)
                return WebSocketCloseStatus.ProtocolError;
            var side = new RelaySide(stream, (_, cancel) => browser.CloseOutputAsync(Over, cancel), HalfCloses: false);
            var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
            await new ByteRelay(side, console.Side, new RelayCounters(), limits, clock).RunAsync(null, ended);
            return Over;
        }
    }

    private async Task EndAsync(Watch watch, Actor actor)
    {
        var now = clock.GetUtcNow();
        var accepted = await db.Watches.Where(w => w.Id == watch.Id).Select(w => w.AnsweredAt != null).SingleAsync();
        await db.Watches.Where(w => w.Id == watch.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.State, WatchState.Over).SetProperty(w => w.EndedAt, now));
        await Picture.DropAsync(db, watch.Id, CancellationToken.None);
        var session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == watch.SessionId);
        db.Audit(
            clock, actor, "session.watch-over", $"{session.TargetKind}:{session.TargetId}", session.TargetName,
            new { session = session.Id, watch = watch.Id, answered = accepted });
        await db.SaveChangesAsync();
    }
}
