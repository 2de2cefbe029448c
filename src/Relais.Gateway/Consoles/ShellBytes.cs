using System.Buffers;
using System.IO.Pipelines;
using Relais.Gateway.Protocols.Terminal;
using Renci.SshNet;
using Renci.SshNet.Common;
using ReadResult = Relais.Gateway.Protocols.ReadResult;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>
/// A shell as a stream for the relay: what is read is what the shell wrote, what is written are the page's frames.
/// SSH.NET keeps all that nobody reads, without a limit. So everything is taken out in its own thread, which stands still while the browser is
/// behind: nothing is read from the target then, and TCP holds it back. A browser takes whatever comes, so the page says how much it has shown.
/// </summary>
internal sealed class ShellBytes : DuplexStream
{
    private const int PauseAt = 256 * 1024;

    // A screen full of text is 10 KB; a page that shows megabytes late does not answer Ctrl+C.
    private const int AheadLimit = 256 * 1024;

    private const int FrameLimit = TerminalFrame.HeaderLength + TerminalFrame.PayloadLimit;

    private readonly ShellStream _shell;
    private readonly Pipe _fromShell = new(new PipeOptions(pauseWriterThreshold: PauseAt, resumeWriterThreshold: PauseAt / 2, useSynchronizationContext: false));
    private readonly Stream _out;
    private readonly Lock _taking = new();
    private readonly SemaphoreSlim _shown = new(0, 1);
    private readonly byte[] _rest = new byte[FrameLimit];
    private int _restLength;
    private long _ahead;
    private bool _ended;

    public ShellBytes(ShellStream shell)
    {
        _shell = shell;
        _out = _fromShell.Reader.AsStream(leaveOpen: true);
        shell.DataReceived += (_, _) => Take();
        shell.ErrorOccurred += (_, error) => Break(error.Exception);
        shell.Closed += (_, _) => End(null);
        // What came before anybody listened.
        Take();
    }

    public TerminalSizes Sizes { get; } = new();

    /// <summary>The page sent what is no frame.</summary>
    public bool Malformed { get; private set; }

    /// <summary>The connection broke, as opposed to a shell that ended.</summary>
    public void Break(Exception why) => End(new IOException("The SSH connection broke.", why));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Volatile.Read(ref _ahead) >= AheadLimit)
            await _shown.WaitAsync(cancellationToken);
        var read = await _out.ReadAsync(buffer, cancellationToken);
        Interlocked.Add(ref _ahead, read);
        return read;
    }

    /// <exception cref="IOException">The connection is broken, or the bytes are no frames.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, _rest.Length - _restLength);
            buffer[..taken].CopyTo(_rest.AsMemory(_restLength));
            buffer = buffer[taken..];
            var input = new ReadOnlySequence<byte>(_rest, 0, _restLength + taken);
            await TakeFramesAsync(input, cancellationToken);
        }
    }

    private async Task TakeFramesAsync(ReadOnlySequence<byte> input, CancellationToken cancel)
    {
        while (true)
        {
            switch (TerminalFrame.TryRead(ref input, out var frame))
            {
                case ReadResult.Malformed:
                    Malformed = true;
                    throw new IOException("The page sent what is no frame of a terminal.");
                case ReadResult.NeedMore:
                    // A whole frame always fits, so that there is room for more.
                    input.CopyTo(_rest);
                    _restLength = (int)input.Length;
                    return;
                default:
                    await PassAsync(frame, cancel);
                    break;
            }
        }
    }

    private async Task PassAsync(TerminalFrame frame, CancellationToken cancel)
    {
        try
        {
            if (frame.TryReadSize(out var columns, out var rows))
            {
                _shell.ChangeWindowSize((uint)columns, (uint)rows, 0, 0);
                await Sizes.Changed(columns, rows, cancel);
            }
            else if (frame.TryReadShown(out var bytes))
            {
                // More than was sent gives nothing in advance.
                Interlocked.Add(ref _ahead, -Math.Min(bytes, Volatile.Read(ref _ahead)));
                if (_shown.CurrentCount == 0)
                    _shown.Release();
            }
            else if (!frame.Payload.IsEmpty)
            {
                await _shell.WriteAsync(frame.Payload.First, cancel);
                await _shell.FlushAsync(cancel);
            }
        }
        catch (SshException e)
        {
            throw new IOException("The SSH connection broke.", e);
        }
    }

    private void Take()
    {
        lock (_taking)
        {
            while (!_ended && _shell.DataAvailable)
            {
                var read = _shell.Read(_fromShell.Writer.GetSpan());
                _fromShell.Writer.Advance(read);
                var flush = _fromShell.Writer.FlushAsync();
                var flushed = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (flushed.IsCompleted)
                    return;
            }
        }
    }

    private void End(Exception? why)
    {
        lock (_taking)
        {
            if (_ended)
                return;
            if (why is null)
                Take();
            _ended = true;
            _fromShell.Writer.Complete(why);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        // First of all lets go of the library's thread, which may stand still in Take.
        await _fromShell.Reader.CompleteAsync();
        await _shell.DisposeAsync();
        _shown.Dispose();
        await base.DisposeAsync();
    }
}
