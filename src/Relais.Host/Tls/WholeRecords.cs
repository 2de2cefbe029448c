using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Relais.Host.Tls;

/// <summary>
/// Fills TLS records. Kestrel gathers what it sends in pieces of 4 KiB and encrypts each by itself, four records and four calls of the kernel
/// where one would do: with sockets that go on inline nothing gathers them behind it any more.
/// </summary>
internal static class WholeRecords
{
    // RFC 8446, 5.1: the most that one record carries. Held only while something is being sent.
    private const int RecordLengthBytes = 16 * 1024;

    /// <summary>To be said after UseHttps: what is added later stands nearer to HTTP. Does nothing on a connection without TLS.</summary>
    public static void UseWholeRecords(this IConnectionBuilder connections) => connections.Use(next => connection =>
    {
        if (connection.Features.Get<ISslStreamFeature>()?.SslStream is { } tls)
        {
            var output = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: RecordLengthBytes, leaveOpen: true));
            connection.Transport = new Transport(connection.Transport.Input, output);
        }

        return next(connection);
    });

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
