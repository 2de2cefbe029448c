using System.Runtime.InteropServices;
using Relais.Traffic.Measures.Records;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Collector;

/// <summary>What was taken out of one request.</summary>
/// <param name="Fault">Why the last that was not taken was not.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TakenBeacons(int Count, int Bytes, int Robots, int OptedOut, int Malformed, int FromFuture, string Fault);

/// <summary>Makes records of one sender's beacons. Address and identifier end here: what goes on is a keyed hash.</summary>
internal ref struct RecordWriter
{
    private readonly KnownSite _site;
    private readonly KnownSender _sender;
    private readonly long _nowMs;
    private TakenBeacons _taken;

    public RecordWriter(KnownSite site, KnownSender sender, long nowMs) => (_site, _sender, _nowMs) = (site, sender, nowMs);

    public readonly TakenBeacons Result => _taken;

    /// <summary>Bytes that the records of a body need at most: a record is its texts and a fixed part, and a line is not shorter than an id.</summary>
    public static int Room(int bodyLength) => Record.MaxLength + bodyLength + Math.Min(bodyLength / 32, TakeBeacons.MostBeacons) * Record.MinLength;

    /// <summary>Takes one beacon a line. Those that are malformed are left out: the others do not wait for them.</summary>
    public void TakeLines(scoped Span<byte> lines, scoped Span<byte> records)
    {
        for (var number = 0; !lines.IsEmpty; number++)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? [] : lines[(end + 1)..];
            if (!line.IsEmpty && line[^1] == (byte)'\r')
                line = line[..^1];
            if (line.IsEmpty)
                continue;
            if (number >= TakeBeacons.MostBeacons)
            {
                _taken = _taken with { Malformed = _taken.Malformed + 1, Fault = "too-many-lines" };
                return;
            }

            Take(line, records);
        }

        if (_taken == default)
            _taken = _taken with { Malformed = 1, Fault = nameof(BeaconFault.Empty) };
    }

    public void Take(scoped Span<byte> text, scoped Span<byte> records)
    {
        var fault = Beacon.Parse(text, out var beacon);
        if (fault is BeaconFault.FromFuture)
        {
            _taken = _taken with { FromFuture = _taken.FromFuture + 1, Fault = fault.ToString() };
            return;
        }

        if (fault is not BeaconFault.None)
        {
            _taken = _taken with { Malformed = _taken.Malformed + 1, Fault = fault.ToString() };
            return;
        }

        if (beacon.OptedOut)
        {
            _taken = _taken with { OptedOut = _taken.OptedOut + 1 };
            return;
        }

        var consented = _site.Consent is ConsentMode.Consented && !beacon.Visitor.IsEmpty;
        var written = new Record
        {
            Id = beacon.Id,
            Kind = beacon.Kind,
            Flags = beacon.Flags | _sender.Robot | (consented ? RecordFlags.Consented : RecordFlags.None),
            Device = _sender.Device,
            Site = _site.Id,
            ReceivedMs = _nowMs,
            AgeMs = beacon.AgeMs,
            Visitor = consented ? VisitorKeys.OfIdentifier(_site.Secret, _site.Id, beacon.Visitor) : _sender.VisitorOfDay,
            Session = beacon.Session,
            PositionMs = beacon.PositionMs,
            PlayedMs = beacon.PlayedMs,
            Channel = beacon.Channel,
            Path = beacon.Path,
            Region = beacon.Region,
            Player = beacon.Player,
            Source = beacon.Source,
        }.Write(records[_taken.Bytes..]);
        _taken = _taken with { Count = _taken.Count + 1, Bytes = _taken.Bytes + written, Robots = _taken.Robots + (_sender.Robot is RecordFlags.Bot ? 1 : 0) };
    }
}
