namespace Relais.Telephony.Lines;

/// <summary>
/// The clock of all legs of this process: one thread that asks each leg every two milliseconds whether something is due, while there are legs. A timer a leg costs more than what it sends, and
/// the pool's threads come when they come.
/// </summary>
internal sealed class VoicePace
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly object _gate = new();
    private RtpLeg[] _legs = [];
    private bool _runs;

    public static VoicePace Shared { get; } = new();

    public void Add(RtpLeg leg)
    {
        lock (_gate)
        {
            _legs = [.. _legs, leg];
            if (_runs)
                return;
            _runs = true;
            new Thread(Run) { IsBackground = true, Name = "voices" }.Start();
        }
    }

    public void Remove(RtpLeg leg)
    {
        lock (_gate)
            _legs = [.. _legs.Where(l => l != leg)];
    }

    private void Run()
    {
        while (Next() is { } legs)
        {
            foreach (var leg in legs)
            {
                try
                {
                    if (!leg.Tick())
                        Remove(leg);
                }
                catch (Exception)
                {
                    // One leg that fails does not stop the others.
                    Remove(leg);
                }
            }
        }
    }

    // Two milliseconds later; null where there are no legs any more.
    private RtpLeg[]? Next()
    {
        lock (_gate)
        {
            Monitor.Wait(_gate, Look);
            _runs = _legs.Length > 0;
            return _runs ? _legs : null;
        }
    }
}
