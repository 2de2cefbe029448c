using System.Globalization;
using System.Net;

namespace Relais.Telephony.Respondents;

/// <summary>How the simulated respondents behave, as the command line says.</summary>
/// <param name="FromNumber">Whether the last two digits of the number decide, rather than chance.</param>
/// <param name="Ring">The shortest and the longest time until somebody answers.</param>
/// <param name="Think">The same until somebody replies.</param>
internal sealed record RespondentSettings(
    IPEndPoint Listen, int Seed, RespondentFates Fates, bool FromNumber, (TimeSpan Least, TimeSpan Most) Ring, (TimeSpan Least, TimeSpan Most) Think)
{
    public static RespondentSettings Usual { get; } = new(
        new IPEndPoint(IPAddress.Loopback, 5070), 1, RespondentFates.Usual, FromNumber: false, (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9)),
        (TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(2.5)));

    /// <returns>Null where something is wrong, which <paramref name="fault"/> says.</returns>
    public static RespondentSettings? TryParse(IReadOnlyList<string> arguments, out string fault)
    {
        var (settings, i) = (Usual, 0);
        for (fault = ""; i < arguments.Count; i++)
        {
            var (name, value) = (arguments[i], i + 1 < arguments.Count ? arguments[i + 1] : "");
            fault = $"{name} {value}".Trim();
            switch (name)
            {
                case "--from-number":
                    settings = settings with { FromNumber = true };
                    continue;
                case "--listen" when IPEndPoint.TryParse(value, out var listen):
                    settings = settings with { Listen = listen };
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed):
                    settings = settings with { Seed = seed };
                    break;
                case "--ring" when Span(value) is { } ring:
                    settings = settings with { Ring = ring };
                    break;
                case "--think" when Span(value) is { } think:
                    settings = settings with { Think = think };
                    break;
                case "--outcomes" when RespondentFates.TryParse(File.Exists(value) ? File.ReadAllText(value) : value, out var wrong) is var fates:
                    if (fates is null)
                    {
                        fault = $"--outcomes: {wrong} (known: {RespondentFates.Known})";
                        return null;
                    }

                    settings = settings with { Fates = fates };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return settings;
    }

    // "3", or "2-9", in seconds.
    private static (TimeSpan Least, TimeSpan Most)? Span(string value)
    {
        var parts = value.Split('-');
        return parts.Length is 1 or 2 && Seconds(parts[0]) is { } least && Seconds(parts[^1]) is { } most && least <= most ? (least, most) : null;
    }

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 600 ? TimeSpan.FromSeconds(seconds) : null;
}
