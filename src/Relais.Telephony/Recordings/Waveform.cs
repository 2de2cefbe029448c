using System.Globalization;
using System.Text;

namespace Relais.Telephony.Recordings;

/// <summary>Draws the shape of a recording as its outline, the respondent above, the interviewer below.</summary>
internal static class Waveform
{
    public const int Height = 200;

    private const double Half = 46;

    // 252 is the largest amplitude. Quiet voices would be a flat line on a straight scale.
    private const double Most = 252;

    /// <summary>How many values of each channel there are: the width of the drawing.</summary>
    public static int Width(byte[] peaks) => Math.Max(1, peaks.Length / 2);

    /// <param name="channel">0 the respondent, 1 the interviewer.</param>
    public static string Path(byte[] peaks, int channel)
    {
        var (above, below, middle) = (new StringBuilder(), new StringBuilder(), (channel * Height / 2) + (Height / 4));
        for (var i = 0; (2 * i) + channel < peaks.Length; i++)
        {
            var reach = Math.Max(0.5, Half * Math.Sqrt(peaks[(2 * i) + channel] / Most));
            above.Append(CultureInfo.InvariantCulture, $"L{i} {middle - reach:0.#}H{i + 1}");
            // The way back goes from the end to the beginning.
            below.Insert(0, string.Create(CultureInfo.InvariantCulture, $"L{i + 1} {middle + reach:0.#}H{i}"));
        }

        return above.Length == 0 ? "" : $"M0 {middle}{above}{below}Z";
    }
}
