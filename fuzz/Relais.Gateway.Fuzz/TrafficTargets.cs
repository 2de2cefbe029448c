using Relais.Traffic.Measures.Records;

namespace Relais.Gateway.Fuzz;

/// <summary>What any browser may send to a collector, and what lies in its log.</summary>
internal static class TrafficTargets
{
    public static int Beacon(byte[] bytes)
    {
        var fault = Traffic.Measures.Records.Beacon.Parse((byte[])bytes.Clone(), out var beacon);
        if (fault != BeaconFault.None)
            return HashCode.Combine(fault, beacon.Kind);
        Targets.Promise(beacon.Id != 0 && beacon.Kind != RecordKind.None, "a beacon has an id and a kind");
        Targets.Promise(beacon.AgeMs <= Traffic.Measures.Records.Beacon.MaxAgeMs, "an age is within its limit");
        Targets.Promise(beacon.PlayedMs <= beacon.PositionMs, "no more is heard than the way that was come");
        var record = new Record
        {
            Id = beacon.Id, Kind = beacon.Kind, Session = beacon.Session, AgeMs = beacon.AgeMs, PositionMs = beacon.PositionMs, PlayedMs = beacon.PlayedMs,
            Channel = beacon.Channel, Path = beacon.Path, Region = beacon.Region, Player = beacon.Player, Source = beacon.Source,
        };
        Span<byte> written = stackalloc byte[Traffic.Measures.Records.Record.MaxLength];
        var length = record.Write(written);
        ReadOnlySpan<byte> from = written[..length];
        Targets.Promise(Traffic.Measures.Records.Record.TryRead(ref from, out var same) && from.IsEmpty, "every beacon fits a record");
        Targets.Promise(same.Id == beacon.Id && same.Path.SequenceEqual(beacon.Path) && same.Channel.SequenceEqual(beacon.Channel), "the record says the same");
        return HashCode.Combine(beacon.Kind, beacon.Flags, beacon.OptedOut, beacon.Path.Length / 8, beacon.Channel.Length / 8, beacon.Visitor.Length / 8, beacon.PlayedMs > 0);
    }

    public static int Record(byte[] bytes)
    {
        ReadOnlySpan<byte> from = bytes;
        var behaviour = default(HashCode);
        Span<byte> written = stackalloc byte[Traffic.Measures.Records.Record.MaxLength];
        while (true)
        {
            var before = from.Length;
            if (!Traffic.Measures.Records.Record.TryRead(ref from, out var record))
            {
                Targets.Promise(from.Length == before, "nothing is taken unless a record is there");
                return behaviour.ToHashCode();
            }

            Targets.Promise(from.Length < before, "a record has a length");
            ReadOnlySpan<byte> again = written[..record.Write(written)];
            Targets.Promise(Traffic.Measures.Records.Record.TryRead(ref again, out var same) && same.Id == record.Id && same.Source.SequenceEqual(record.Source), "what is written can be read");
            var (first, last) = record.HeardSlots;
            Targets.Promise(first >= 0 && last >= -1, "slots count from the beginning");
            behaviour.Add(record.Kind);
            behaviour.Add(record.Path.Length / 16);
        }
    }
}
