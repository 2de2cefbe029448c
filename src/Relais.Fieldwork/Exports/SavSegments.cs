using System.Runtime.InteropServices;

namespace Relais.Fieldwork.Exports;

/// <summary>A text variable longer than 255 bytes is several variables to the file, of which the reader makes one again.</summary>
/// <param name="From">Where its part of the text begins.</param>
/// <param name="Length">How many bytes of the text it has.</param>
/// <param name="Width">The width that the variable's record says.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SavSegment(int From, int Length, int Width)
{
    public int Elements => (Width + 7) / 8;
}

internal static class SavSegments
{
    /// <summary>The longest width that is one variable.</summary>
    public const int Short = 255;

    /// <summary>The longest text that the format takes.</summary>
    public const int Longest = 32767;

    // Each segment but the last says 255 and carries 252 bytes of the text.
    private const int Carried = 252;

    public static IEnumerable<SavSegment> Of(int width)
    {
        if (width <= Short)
        {
            yield return new SavSegment(0, width, width);
            yield break;
        }

        for (var from = 0; from < width; from += Carried)
        {
            var rest = width - from;
            yield return rest > Carried ? new SavSegment(from, Carried, Short) : new SavSegment(from, rest, rest);
        }
    }
}
