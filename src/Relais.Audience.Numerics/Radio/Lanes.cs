using System.Numerics;
using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Arithmetic over spans of numbers side by side, a multiple of the vector's width long.</summary>
internal static class Lanes
{
    public static void Add(Span<double> sums, ReadOnlySpan<double> values)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var from = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i];
    }

    public static void Multiply(Span<double> products, ReadOnlySpan<double> values, double by)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(products);
        var from = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (var i = 0; i < to.Length; i++)
            to[i] = from[i] * by;
    }
}
