namespace Relais.Traffic.Log;

/// <summary>The directory of a log, as far as a log needs one: the disk, or a layer of a test that loses power.</summary>
public interface ILogFiles
{
    /// <summary>The numbers of the segments that are there, ascending.</summary>
    IReadOnlyList<long> Segments();

    /// <summary>Makes a segment of zeros whose room is taken and whose name is on disk when this returns.</summary>
    /// <exception cref="IOException">There is no room, or no right; nothing is left behind.</exception>
    /// <exception cref="SyncFailedException">The name may or may not be on disk.</exception>
    ILogFile Create(long segment, long length);

    /// <summary>Opens a segment; null when there is none of this number.</summary>
    ILogFile? Open(long segment);

    void Delete(long segment);
}

/// <summary>A segment's file. For one writer and any number of readers.</summary>
public interface ILogFile : IDisposable
{
    long Length { get; }

    /// <returns>Bytes read: fewer than asked only at the end.</returns>
    int Read(Span<byte> to, long at);

    /// <exception cref="IOException">Nothing may be assumed about the bytes from <paramref name="at"/> on.</exception>
    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Returns when all that was written survives the loss of power.</summary>
    /// <exception cref="SyncFailedException">What was written may be gone, and asking again would not tell.</exception>
    void Sync();

    /// <summary>Gives back the room behind this length.</summary>
    void Truncate(long length);
}

/// <summary>The disk could not promise what it holds. The kernel forgets pages that it failed to write, so a second try would succeed and promise nothing.</summary>
public sealed class SyncFailedException : IOException
{
    public SyncFailedException()
    {
    }

    public SyncFailedException(string message)
        : base(message)
    {
    }

    public SyncFailedException(string message, int hresult)
        : base(message, hresult)
    {
    }

    public SyncFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
