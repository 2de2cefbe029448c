using System.Numerics;
using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Live;

/// <summary>Which ten seconds of a session were heard: the last 64 slots as bits, below the highest. Telling the same again changes nothing.</summary>
/// <param name="Highest">The highest slot that was heard; -1 for none.</param>
/// <param name="Bits">Bit n stands for the slot n below the highest.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeardSlots(int Highest, ulong Bits)
{
    public static readonly HeardSlots None = new(-1, 0);

    /// <summary>Adds slots; those more than 63 below the highest are too late to be told from those that were counted.</summary>
    /// <param name="fresh">Bit n stands for slot <paramref name="first"/> + n, which was not heard before.</param>
    public HeardSlots With(int first, int last, out ulong fresh)
    {
        fresh = 0;
        var (highest, bits) = (Highest, Bits);
        for (var slot = Math.Max(first, last - 63); slot <= last; slot++)
        {
            if (slot > highest)
            {
                var by = highest < 0 ? 64 : slot - highest;
                (highest, bits) = (slot, (by >= 64 ? 0 : bits << by) | 1);
            }
            else if (highest - slot >= 64 || (bits & (1UL << (highest - slot))) != 0)
            {
                continue;
            }
            else
            {
                bits |= 1UL << (highest - slot);
            }

            fresh |= 1UL << (slot - Math.Max(first, last - 63));
        }

        return new HeardSlots(highest, bits);
    }

    public static int Count(ulong fresh) => BitOperations.PopCount(fresh);
}
