namespace Relais.Audience.Files;

/// <summary>Says on the error stream how far a long work is, when it takes longer than a second; nothing when it is short.</summary>
internal sealed class Progress(TextWriter to, TimeProvider clock, string what)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly DateTimeOffset _begun = clock.GetUtcNow();
    private TimeSpan _said;
    private bool _spoke;

    /// <summary>A step of it, of how many; 0 when that is not known.</summary>
    public void At(long position, long length, long rows)
    {
        if (!Due())
            return;
        var share = length > 0 ? FormattableString.Invariant($"{100.0 * position / length:0} %, ") : "";
        to.WriteLine(FormattableString.Invariant($"{what}: {share}{rows:N0} rows"));
    }

    public void Say(string state)
    {
        if (Due())
            to.WriteLine($"{what}: {state}");
    }

    public void Done()
    {
        if (_spoke)
            to.WriteLine(FormattableString.Invariant($"{what}: done in {(clock.GetUtcNow() - _begun).TotalSeconds:0.0} s"));
    }

    private bool Due()
    {
        var now = clock.GetUtcNow() - _begun;
        if (now - _said < Patience)
            return false;
        _said = now;
        _spoke = true;
        return true;
    }
}
