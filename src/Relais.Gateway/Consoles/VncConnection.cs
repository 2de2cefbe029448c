using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rfb;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Consoles;

/// <summary>One browser on one VNC target. The gateway signs in with the session's password, and asks none of the browser.</summary>
internal sealed class VncConnection(ServeConsole serve, DialTarget dial) : IBrowserConnection
{
    // What a server sends before ClientInit is short, and it waits for an answer after each part.
    private const int BufferSize = 8 * 1024;

    public Task RunAsync(WebSocket socket, HttpContext context, CancellationToken late) =>
        serve.RunAsync(socket, context, TargetProtocol.Vnc, EnterAsync, late);

    private Task<Entry> EnterAsync(Session session, string password, ConsoleHello hello, CancellationToken cancel) =>
        EnterAsync(dial, session, password, watches: false, cancel);

    /// <param name="watches">Whether whoever is shown the screen may only watch.</param>
    internal static async Task<Entry> EnterAsync(DialTarget dial, Session session, string password, bool watches, CancellationToken cancel)
    {
        TargetLink? link = null;
        try
        {
            link = await dial.Through(session.Site)(session.EndPoint, cancel);
            var signIn = new RfbSignIn(password);
            if (await SignInAsync(link.Stream, signIn, cancel) is { } failure)
                return new Entry.Failed(failure, signIn.Reason);
            var console = new VncConsole(link, session.Clipboard.HasFlag(ClipboardPolicy.In), watches);
            link = null;
            return new Entry.Entered(console);
        }
        catch (SiteException e)
        {
            return new Entry.Failed(EntryFailures.Of(e));
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return new Entry.Failed(link is null ? EntryFailure.Unreachable : EntryFailure.Lost);
        }
        finally
        {
            if (link is not null)
                await link.DisposeAsync();
        }
    }

    private static async Task<EntryFailure?> SignInAsync(Stream target, RfbSignIn signIn, CancellationToken cancel)
    {
        var buffer = new byte[BufferSize];
        var output = new ArrayBufferWriter<byte>();
        var filled = 0;
        while (true)
        {
            var read = await target.ReadAsync(buffer.AsMemory(filled), cancel);
            if (read == 0)
                return EntryFailure.Lost;
            filled += read;
            var input = new ReadOnlySequence<byte>(buffer, 0, filled);
            var result = signIn.Advance(ref input, output);
            if (output.WrittenCount > 0)
                await target.WriteAsync(output.WrittenMemory, cancel);
            output.Clear();
            if (result == ReadResult.Malformed)
                return FailureOf(signIn.Fault);
            // A server that speaks before ClientInit is none, and its bytes would be lost.
            if (result == ReadResult.Complete)
                return input.IsEmpty ? null : EntryFailure.NotSpoken;
            filled = (int)input.Length;
            input.CopyTo(buffer);
            if (filled == buffer.Length)
                return EntryFailure.NotSpoken;
        }
    }

    private static EntryFailure FailureOf(RfbSignInFault fault) => fault switch
    {
        RfbSignInFault.PasswordRefused or RfbSignInFault.PasswordMissing => EntryFailure.CredentialsRefused,
        RfbSignInFault.TooManyAttempts => EntryFailure.TooManyAttempts,
        RfbSignInFault.None or RfbSignInFault.NotRfb or RfbSignInFault.Refused or RfbSignInFault.SecurityUnknown => EntryFailure.NotSpoken,
    };
}
