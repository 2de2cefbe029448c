using System.Globalization;
using System.Text;

namespace Relais.Traffic.Demo;

/// <summary>A made-up player: it begins, tells every thirty seconds what was heard, and ends. As a page with the tag does.</summary>
internal sealed class DemoListener(Random chance, DateTimeOffset begins)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MeanLength = TimeSpan.FromMinutes(14);
    private static readonly TimeSpan LeastLength = TimeSpan.FromSeconds(45);

    private readonly string _channel = Uri.EscapeDataString(DemoAudience.AnyChannel(chance));
    private readonly string _region = DemoAudience.AnyRegion(chance);
    private readonly ulong _session = (ulong)chance.NextInt64() | 1;
    private readonly long _visitor = chance.NextInt64();
    private readonly DateTimeOffset _ends = begins + DemoAudience.AnyLength(chance, MeanLength, LeastLength);
    private readonly DateTimeOffset _begun = begins;
    private DateTimeOffset? _told;

    public DemoDevice Device { get; } = DemoAudience.AnyDevice(chance);

    /// <summary>When it tells something next.</summary>
    public DateTimeOffset Due { get; private set; } = begins;

    public bool IsOver { get; private set; }

    /// <summary>Writes what is due as a line of a body of beacons.</summary>
    public void Tell(StringBuilder to, DateTimeOffset at)
    {
        IsOver = at >= _ends;
        var what = _told is null ? "start" : IsOver ? "stop" : "beat";
        to.Append(CultureInfo.InvariantCulture, $"e={what}&n={_session:x16}&c={_channel}&l={Device.Player}&r={_region}&u={_visitor:x16}&i={chance.NextInt64():x16}{chance.NextInt64() | 1:x16}");
        if (_told is { } before)
        {
            // What waited behind a halted machine was not heard.
            var heard = Math.Max(0, (long)(at - _begun).TotalMilliseconds);
            to.Append(CultureInfo.InvariantCulture, $"&x={heard}&w={Math.Clamp((long)(at - before).TotalMilliseconds, 0, Math.Min(heard, (long)(2 * Beat).TotalMilliseconds))}");
        }

        to.Append('\n');
        _told = at;
        Due = at < _ends && _ends < at + Beat ? _ends : at + Beat;
    }
}
