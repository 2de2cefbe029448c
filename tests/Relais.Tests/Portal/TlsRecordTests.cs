using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Relais.Gateway.Relay;

namespace Relais.Tests.Portal;

/// <summary>What the server's answers look like to the network.</summary>
public sealed class TlsRecordTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const int HeadLength = 5;
    private const byte ApplicationData = 23;
    private const int Full = 16 * 1024;

    [Fact]
    public async Task A_large_answer_fills_its_tls_records()
    {
        var web = Environment.GetEnvironmentVariable("RELAIS_TEST_WEB") ?? "";
        var script = Path.GetFileName(Directory.GetFiles(web, "xterm-*.js").Single());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, app.Address.Port);
        await using var wire = new Tapped(new NetworkStream(socket, ownsSocket: false));
        await using var tls = new SslStream(wire, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.Latin1.GetBytes($"GET /assets/{script} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var answer = new MemoryStream();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await tls.CopyToAsync(answer, late.Token);
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(answer.ToArray(), 0, 20), StringComparison.Ordinal);

        var records = wire.Records();
        Assert.InRange(records.Where(length => length > Full).Sum(), answer.Length / 2, long.MaxValue);
    }

    private sealed class Tapped(Stream network) : DuplexStream
    {
        private readonly List<byte> _read = [];

        /// <summary>The lengths of the records with application data that were read, with what encryption adds (RFC 8446, 5.1).</summary>
        public List<long> Records()
        {
            ReadOnlySpan<byte> all = _read.ToArray();
            var lengths = new List<long>();
            while (all.Length >= HeadLength)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(all[3..]);
                if (all[0] == ApplicationData)
                    lengths.Add(length);
                all = all[Math.Min(all.Length, HeadLength + length)..];
            }

            return lengths;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await network.ReadAsync(buffer, cancellationToken);
            _read.AddRange(buffer.Span[..read]);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => network.WriteAsync(buffer, cancellationToken);
    }
}
