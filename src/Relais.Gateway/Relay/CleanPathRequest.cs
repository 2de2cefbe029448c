using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>What came as a browser's first message.</summary>
internal abstract record Reception
{
    private Reception() { }

    /// <summary>A well-formed request; its token is still to be judged.</summary>
    public sealed record Received(CleanPathRequest Request) : Reception;

    public sealed record Refused(HandshakeFailure Why) : Reception;
}

/// <summary>A browser's wish to connect.</summary>
internal sealed class CleanPathRequest
{
    private CleanPathRequest(CleanPathPdu pdu, X224Request negotiation) => (Pdu, Negotiation) = (pdu, negotiation);

    /// <summary>The one-time token; empty if there is none.</summary>
    public string Token => Pdu.ProxyAuth ?? "";

    public string? Destination => Pdu.Destination;

    public X224Request Negotiation { get; }

    private CleanPathPdu Pdu { get; }

    /// <summary>Reads the first message, within a time and a length, however slowly its bytes come.</summary>
    public static async Task<Reception> ReceiveAsync(Stream browser, CancellationToken late, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(CleanPathReader.RequestLimit);
        try
        {
            var filled = 0;
            while (true)
            {
                var read = await browser.ReadAsync(buffer.AsMemory(filled, CleanPathReader.RequestLimit - filled), either.Token);
                if (read == 0)
                    return new Reception.Refused(HandshakeFailure.BrowserLeft);
                filled += read;
                if (Judge(new ReadOnlySequence<byte>(buffer, 0, filled)) is { } reception)
                    return reception;
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return new Reception.Refused(
                cancel.IsCancellationRequested ? HandshakeFailure.Stopped
                : late.IsCancellationRequested ? HandshakeFailure.RequestTooSlow
                : HandshakeFailure.BrowserLeft);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static Reception? Judge(ReadOnlySequence<byte> bytes)
    {
        switch (CleanPathReader.TryRead(ref bytes, CleanPathReader.RequestLimit, out var pdu, out var fault))
        {
            case ReadResult.NeedMore:
                return null;
            case ReadResult.Malformed:
                return new Reception.Refused(fault == CleanPathFault.TooLong ? HandshakeFailure.RequestTooLong : HandshakeFailure.RequestMalformed);
            default:
                break;
        }

        // A client waits for the answer: whoever sends more at once is not one.
        if (pdu is not { X224: { } x224, Error: null, Certificates: null } || !bytes.IsEmpty)
            return new Reception.Refused(HandshakeFailure.RequestMalformed);
        if (pdu.Version != CleanPathPdu.CurrentVersion)
            return new Reception.Refused(HandshakeFailure.VersionUnsupported);
        return X224Request.TryRead(x224.Span, out var negotiation) && negotiation.Protocols.HasFlag(SecurityProtocols.Tls)
            ? new Reception.Received(new CleanPathRequest(pdu, negotiation))
            : new Reception.Refused(HandshakeFailure.NegotiationMalformed);
    }
}
