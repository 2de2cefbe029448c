namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>The generator of the ODK XForms specification's randomize(nodes, seed): Park and Miller's minimal standard, 16807.</summary>
public struct ParkMiller
{
    private const long Modulus = 2_147_483_647;

    private long _state;

    public ParkMiller(long seed)
    {
        _state = seed % Modulus;
        if (_state <= 0)
            _state += Modulus - 1;
    }

    /// <summary>From 0 up to, and without, 1.</summary>
    public double Next()
    {
        _state = _state * 16807 % Modulus;
        return (_state - 1) / (double)(Modulus - 1);
    }

    /// <summary>Fisher and Yates's shuffle, inside out: what the specification asks for, so that all clients agree on the order.</summary>
    public static T[] Shuffle<T>(IReadOnlyList<T> items, long seed)
    {
        var chance = new ParkMiller(seed);
        var shuffled = new T[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            var j = (int)Math.Floor(chance.Next() * (i + 1));
            if (j != i)
                shuffled[i] = shuffled[j];
            shuffled[j] = items[i];
        }

        return shuffled;
    }
}
