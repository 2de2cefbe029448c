using System.Security.Cryptography;

namespace Relais.Fieldwork.Webhooks;

/// <summary>How long to wait after failures: twice as long each time, up to a limit, a quarter of it by chance so that many do not come back at once.</summary>
internal static class WebhookPause
{
    private const int Doublings = 20;

    /// <param name="failures">Before this one.</param>
    /// <param name="asked">What the receiver asked for: it gets that, up to the longest pause.</param>
    public static TimeSpan Of(int failures, WebhookOptions options, TimeSpan? asked)
    {
        var plain = options.FirstPause * Math.Pow(2, Math.Min(failures, Doublings));
        var limited = plain < options.LongestPause ? plain : options.LongestPause;
        var chance = limited * (0.75 + (RandomNumberGenerator.GetInt32(0, 251) / 1000.0));
        if (asked is not { } wanted || wanted <= chance)
            return chance;
        return wanted < options.LongestPause ? wanted : options.LongestPause;
    }
}
