namespace Relais.Gateway.Relay;

/// <summary>Bytes that one connection carried. Each direction has one writer; any thread may read.</summary>
internal sealed class RelayCounters
{
    private long _fromBrowser;
    private long _toBrowser;
    private long _writtenFromBrowser;
    private long _writtenToBrowser;

    public long FromBrowser => Volatile.Read(ref _fromBrowser);

    public long ToBrowser => Volatile.Read(ref _toBrowser);

    // One writer each: a plain addition, published, instead of a locked one for every packet.
    public void AddFromBrowser(int bytes) => Volatile.Write(ref _fromBrowser, _fromBrowser + bytes);

    public void AddToBrowser(int bytes) => Volatile.Write(ref _toBrowser, _toBrowser + bytes);

    /// <summary>What was added since the last call. For one caller, which keeps the sum elsewhere.</summary>
    public (long FromBrowser, long ToBrowser) TakeUnwritten()
    {
        var (up, down) = (FromBrowser, ToBrowser);
        var taken = (up - _writtenFromBrowser, down - _writtenToBrowser);
        (_writtenFromBrowser, _writtenToBrowser) = (up, down);
        return taken;
    }
}
