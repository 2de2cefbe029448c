using System.Net.Sockets;
using System.Security.Authentication;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Native;

/// <summary>The target of a native client's session, reached in the way that the session asks for.</summary>
internal abstract class NativeTarget : IAsyncDisposable
{
    /// <summary>Why it was not reached, or null.</summary>
    public HandshakeFailure? Failure { get; private init; }

    /// <summary>The target's end of the relay.</summary>
    public abstract RelaySide Side { get; }

    /// <summary>
    /// A session with an account of the target's own is ended and begun anew here, so that its channels are filtered and its secret put in.
    /// One without passes through: the client's RDP security then reaches to the target, which asks the person for the account.
    /// </summary>
    /// <param name="reach">How its address is reached.</param>
    public static Task<NativeTarget> DialAsync(Redemption.Accepted accepted, ReachTarget reach, CancellationToken cancel) =>
        accepted.Session.UserName.Length > 0
            ? Inspected.DialAsync(accepted.Session, RdpCredentials.Of(accepted.Session.UserName, accepted.Password), reach, cancel)
            : PassedThrough.DialAsync(accepted.Session, reach, cancel);

    /// <summary>Reads the client's first frame, and gives the stream whose bytes the target is to have.</summary>
    /// <returns>Null when the client asks for something that is not allowed.</returns>
    public abstract Task<Stream?> MeetAsync(TsguPipe client, ServerCertificate certificate, CancellationToken cancel);

    /// <summary>The client's stream, so that what is shown on it is recorded where that is the rule.</summary>
    public virtual Stream Shown(Stream client, LiveSession held) => held.Shown(client);

    /// <summary>What is changed in the client's first packets.</summary>
    public abstract RdpStartUp? StartUp(Redemption.Accepted accepted);

    public abstract ValueTask DisposeAsync();

    private sealed class Unreached : NativeTarget
    {
        public Unreached(HandshakeFailure failure) => Failure = failure;

        public override RelaySide Side => throw new InvalidOperationException("The target was not reached.");

        public override Task<Stream?> MeetAsync(TsguPipe client, ServerCertificate certificate, CancellationToken cancel) => Task.FromResult<Stream?>(null);

        public override RdpStartUp? StartUp(Redemption.Accepted accepted) => null;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Inspected(TargetConnection connection, RelaySide side, bool narrow) : NativeTarget
    {
        // IronRDP refuses an answer whose address it cannot parse, and has no use for it. RFC 5737: an address of nobody.
        private const string NoAddress = "192.0.2.1:3389";

        public override RelaySide Side => side;

        public static async Task<NativeTarget> DialAsync(Session session, RdpCredentials account, ReachTarget reach, CancellationToken cancel)
        {
            var target = new RdpTarget(session.EndPoint, session.CertificateSha256, SignIn: session.Security == RdpSecurity.Nla ? account : null)
            {
                Reach = reach,
            };
            var attempt = new TargetDial(target, new X224Request(SecurityProtocols.Tls, 0, 0));
            try
            {
                if (await attempt.ConnectAsync(cancel) is not { } connection)
                    return new Unreached(attempt.Failure);
                var narrow = session.Recording != RecordingPolicy.Off;
                var side = narrow ? connection.Side with { Stream = new NarrowedStream(connection.Side.Stream) } : connection.Side;
                return new Inspected(connection, side, narrow);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && (ConnectionLoss.Explains(e) || e is AuthenticationException))
            {
                return new Unreached(attempt.Blame(e));
            }
        }

        public override async Task<Stream?> MeetAsync(TsguPipe client, ServerCertificate certificate, CancellationToken cancel) =>
            await ClientTls.ReadRequestAsync(client, cancel) is { } request
                ? await ClientTls.AcceptAsync(client, request, connection.Confirm, certificate, cancel)
                : null;

        public override Stream Shown(Stream client, LiveSession held) => narrow && held.Recording is { Recorder: var recorder }
            ? new ReplayableStream(client, recorder, CleanPathWriter.Write(CleanPathPdu.Answer(connection.Confirm, connection.Certificates, NoAddress)))
            : held.Shown(client);

        // The client knows its own keyboard, and draws any depth unless it is recorded for a client that does not.
        public override RdpStartUp StartUp(Redemption.Accepted accepted) => new(new RdpConnectPlan(
            accepted.Session.Channels,
            RdpCredentials.Of(accepted.Session.UserName, accepted.Password),
            Selected: connection.SignedIn,
            AskFor32Bits: narrow,
            Narrow: narrow)
        {
            Clipboard = accepted.Session.ClipboardGate,
        });

        public override ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    private sealed class PassedThrough(TargetLink link) : NativeTarget
    {
        public override RelaySide Side => link.Side;

        public static async Task<NativeTarget> DialAsync(Session session, ReachTarget reach, CancellationToken cancel)
        {
            try
            {
                return new PassedThrough(await reach(session.EndPoint, cancel));
            }
            catch (SiteException e)
            {
                return new Unreached(e.Fault == SiteFault.Away ? HandshakeFailure.SiteAway : HandshakeFailure.SiteRefused);
            }
            catch (SocketException e)
            {
                return new Unreached(e.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => HandshakeFailure.TargetRefused,
                    SocketError.TimedOut => HandshakeFailure.TargetTooSlow,
                    _ => HandshakeFailure.TargetUnreachable,
                });
            }
        }

        // The first frame must be RDP's, and ask for network level authentication: nothing else is carried to a workstation.
        public override async Task<Stream?> MeetAsync(TsguPipe client, ServerCertificate certificate, CancellationToken cancel)
        {
            if (await ClientTls.ReadRequestAsync(client, cancel) is not { } request || !request.Protocols.HasFlag(SecurityProtocols.Hybrid))
                return null;
            await Side.Stream.WriteAsync(request.Write(), cancel);
            return client;
        }

        public override RdpStartUp? StartUp(Redemption.Accepted accepted) => null;

        public override ValueTask DisposeAsync() => link.DisposeAsync();
    }
}
