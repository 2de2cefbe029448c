using System.Text;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Bench;

/// <summary>A crowd of listeners and readers, the same for the same seed: players that beat each 30 s, pages among them, channels of which some are much more heard.</summary>
internal sealed class Crowd(int listeners, int seed)
{
    public const int Channels = 100;
    public const int Sites = 8;

    private static readonly byte[][] ChannelNames = [.. Enumerable.Range(1, Channels).Select(n => Encoding.UTF8.GetBytes($"Radio {n}"))];
    private static readonly byte[][] Regions = [.. new[] { "FR-IDF", "FR-ARA", "FR-OCC", "FR-NAQ", "FR-HDF", "FR-PAC", "FR-GES", "FR-BRE", "FR-NOR", "FR-PDL", "FR-BFC", "FR-CVL", "BE", "CH" }.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] Players = [.. new[] { "web", "ios", "android", "enceinte" }.Select(Encoding.UTF8.GetBytes)];
    private readonly Random _chance = new(seed);

    /// <summary>Writes one record; one in five is of a page.</summary>
    /// <param name="number">Of all records, so that ids differ and everybody's beats follow each other.</param>
    public int Write(Span<byte> to, long number, long nowMs)
    {
        // Everybody in turn.
        var who = (int)(number % listeners);
        var (visitor, beat) = (Mix((ulong)who), (uint)(number / listeners));
        var isPage = who % 5 == 0;
        return new Record
        {
            Id = ((UInt128)Mix((ulong)number) << 64) | ((ulong)number + 1),
            Kind = isPage ? RecordKind.PageView : beat == 0 ? RecordKind.Start : RecordKind.Heartbeat,
            Device = (DeviceKind)(1 + (visitor % 3)),
            Site = 1 + (int)((visitor >> 8) % Sites),
            ReceivedMs = nowMs,
            AgeMs = (uint)_chance.Next(200),
            Visitor = visitor,
            Session = isPage ? 0 : visitor,
            PositionMs = isPage ? 0 : beat * 30_000,
            PlayedMs = isPage || beat == 0 ? 0 : 30_000u,
            Channel = isPage ? [] : ChannelNames[ChannelOf(visitor)],
            Path = isPage ? "/direct"u8 : [],
            Region = Regions[(int)(visitor >> 16) & 7],
            Player = Players[(int)(visitor >> 24) & 3],
        }.Write(to);
    }

    /// <summary>The first channels are heard by many, the last by few.</summary>
    public static int ChannelOf(ulong visitor)
    {
        var (a, b) = ((visitor >> 32) % 1000 / 1000.0, (visitor >> 44) % 1000 / 1000.0);
        return (int)(Channels * a * b);
    }

    /// <summary>As good as random, and never 0 (splitmix64).</summary>
    public static ulong Mix(ulong number)
    {
        number = (number + 1) * 0x9E3779B97F4A7C15UL;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9UL;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EBUL;
        return (number ^ (number >> 31)) is var mixed and not 0 ? mixed : 1;
    }
}
