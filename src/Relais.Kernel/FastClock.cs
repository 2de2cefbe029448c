using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Relais.Kernel;

/// <summary>
/// A clock that shows time passing faster than it does: for simulations, in which people are simulated to work as much faster and the rules of a day are to
/// hold as on a day. Timers and measured times stay real. It goes on over a restart, because it counts from a moment that its settings name.
/// </summary>
/// <param name="since">The real moment at which it shows <paramref name="from"/>.</param>
/// <param name="speed">Shown seconds in a real one.</param>
public sealed class FastClock(DateTimeOffset since, DateTimeOffset from, double speed) : TimeProvider
{
    public const string Section = "Relais:Clock";

    public const double MostSpeed = 1000;

    public override DateTimeOffset GetUtcNow() => from.ToUniversalTime() + ((System.GetUtcNow() - since) * speed);

    /// <summary>A server that runs by such a clock says so when it starts.</summary>
    public void Say(ILogger log) => KernelLog.FastClock(log, speed, GetUtcNow());

    /// <summary>The clock that the settings ask for: the machine's own, unless Relais:Clock names Speed, Since and From.</summary>
    /// <exception cref="InvalidOperationException">They name a part of it only, or no moments.</exception>
    internal static TimeProvider Of(IConfiguration configuration)
    {
        var asked = configuration.GetSection(Section);
        if (!asked.Exists())
            return System;
        return double.TryParse(asked["Speed"], NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed is >= 1 and <= MostSpeed && Moment(asked["Since"]) is { } since && Moment(asked["From"]) is { } from
            ? new FastClock(since, from, speed)
            : throw new InvalidOperationException($"{Section} needs Speed (1 to {MostSpeed}), Since and From (moments such as 2026-11-02T10:00:00+01:00). It is for simulations only: remove it where people work.");
    }

    public static DateTimeOffset? Moment(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
