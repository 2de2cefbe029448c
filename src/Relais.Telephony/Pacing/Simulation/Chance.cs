namespace Relais.Telephony.Pacing.Simulation;

/// <summary>Draws that a seed repeats on every machine: SplitMix64. One for each call and each interviewer, so that what befalls the hundredth call does not depend on the pacing.</summary>
internal struct Chance(ulong seed, ulong stream, ulong number)
{
    private ulong _state = Mix(Mix(Mix(seed) + stream) + number);

    /// <summary>From 0 to below 1.</summary>
    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        return radius * Math.Cos(2 * Math.PI * Uniform());
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
