using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rfb;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>A VNC server up to which everything is done: ClientInit is the browser's own.</summary>
/// <param name="watches">The browser belongs to somebody who only watches.</param>
internal sealed class VncConsole(TargetLink link, bool clipboardOpen, bool watches = false) : IConsole
{
    private const byte NoSecurity = 1;

    // ClientInit, beside whoever has the screen already, and SetEncodings: raw, DesktopSize and ExtendedDesktopSize (RFC 6143, 7.3.1, 7.5.2, 7.8.2).
    private static readonly byte[] Joining = [1, 2, 0, 0, 3, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21, 0xFF, 0xFF, 0xFE, 0xCC];

    public RelaySide Side { get; } = link.Side;

    /// <summary>The beginning of RFB 3.8 as a server without security says it (RFC 6143, 7.1).</summary>
    public async Task<Stream?> GreetAsync(Stream browser, CancellationToken cancel)
    {
        await browser.WriteAsync(RfbVersion.V38.Write(), cancel);
        var version = new byte[RfbVersion.Length];
        await browser.ReadExactlyAsync(version, cancel);
        var answer = new ReadOnlySequence<byte>(version);
        if (RfbVersion.TryRead(ref answer, out var spoken) != ReadResult.Complete || spoken != RfbVersion.V38)
            return null;

        await browser.WriteAsync(new byte[] { 1, NoSecurity }, cancel);
        var choice = new byte[1];
        await browser.ReadExactlyAsync(choice, cancel);
        if (choice[0] != NoSecurity)
            return null;

        // SecurityResult: OK.
        await browser.WriteAsync(new byte[4], cancel);
        if (!watches)
            return clipboardOpen ? browser : VncFilter.WithoutPaste(browser);

        // The watcher's own ClientInit might ask to be alone. And the person may change the screen's size in this moment: TigerVNC drops a client that
        // has not said by then that it follows (VNCSConnectionST::pixelBufferChange), so both go together. Its page says more when it has ServerInit.
        await browser.ReadExactlyAsync(choice, cancel);
        await Side.Stream.WriteAsync(Joining, cancel);
        return VncFilter.ToWatch(browser);
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
