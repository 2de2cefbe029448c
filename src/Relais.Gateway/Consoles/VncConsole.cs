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
        return watches ? VncFilter.ToWatch(browser) : clipboardOpen ? browser : VncFilter.WithoutPaste(browser);
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
