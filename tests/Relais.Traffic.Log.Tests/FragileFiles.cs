namespace Relais.Traffic.Log.Tests;

/// <summary>
/// A disk in memory that keeps apart what was written and what was synced, and can lose power, be full, be slow, or fail. Of what was not synced, any sector may
/// have come to the platter and any may not.
/// </summary>
internal sealed class FragileFiles : ILogFiles
{
    private const int Sector = 512;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Disk> _disks = [];

    /// <summary>False: the layer says "synced" and does nothing, as if fdatasync were taken out of the product.</summary>
    public bool Syncs { get; set; } = true;

    /// <summary>What happens before a sync: wait, to be slow; throw, to fail.</summary>
    public Action BeforeSync { get; set; } = static () => { };

    /// <summary>Bytes that segments may have together.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Whether a write breaks off in its middle for want of room.</summary>
    public bool WritesBreak { get; set; }

    public int Synced { get; private set; }

    public IReadOnlyList<long> Segments()
    {
        lock (_gate)
            return [.. _disks.Keys];
    }

    public ILogFile Create(long segment, long length)
    {
        lock (_gate)
        {
            if (_disks.Values.Sum(d => d.Written.LongLength) + length > Room)
                throw new IOException("No space left on device");
            var disk = new Disk { Written = new byte[length], Safe = new byte[length] };
            _disks.Add(segment, disk);
            return new Handle(this, disk);
        }
    }

    public ILogFile? Open(long segment)
    {
        lock (_gate)
            return _disks.TryGetValue(segment, out var disk) ? new Handle(this, disk) : null;
    }

    public void Delete(long segment)
    {
        lock (_gate)
            _disks.Remove(segment);
    }

    /// <summary>What was not synced is lost, sector by sector, by chance.</summary>
    public void LosePower(Random chance)
    {
        lock (_gate)
        {
            foreach (var disk in _disks.Values)
            {
                for (var at = 0; at < disk.Written.Length; at += Sector)
                {
                    var size = Math.Min(Sector, disk.Written.Length - at);
                    var written = disk.Written.AsSpan(at, size);
                    var safe = disk.Safe.AsSpan(at, size);
                    if (!written.SequenceEqual(safe) && chance.Next(2) == 0)
                        written.CopyTo(safe);
                }

                disk.Written = (byte[])disk.Safe.Clone();
            }
        }
    }

    public void Flip(long segment, long at)
    {
        lock (_gate)
        {
            _disks[segment].Written[at] ^= 0x10;
            _disks[segment].Safe[at] ^= 0x10;
        }
    }

    /// <summary>A copy as another process would find it after kill -9: all that was written is there.</summary>
    public FragileFiles Killed()
    {
        var other = new FragileFiles();
        lock (_gate)
        {
            foreach (var (segment, disk) in _disks)
                other._disks.Add(segment, new Disk { Written = (byte[])disk.Written.Clone(), Safe = (byte[])disk.Safe.Clone() });
        }

        return other;
    }

    private sealed class Disk
    {
        public byte[] Written { get; set; } = [];

        public byte[] Safe { get; set; } = [];
    }

    private sealed class Handle(FragileFiles files, Disk disk) : ILogFile
    {
        public long Length => disk.Written.LongLength;

        public int Read(Span<byte> to, long at)
        {
            lock (files._gate)
            {
                var there = (int)Math.Clamp(disk.Written.LongLength - at, 0, to.Length);
                disk.Written.AsSpan((int)at, there).CopyTo(to);
                return there;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            lock (files._gate)
            {
                if (files.WritesBreak)
                {
                    bytes[..(bytes.Length / 2)].CopyTo(disk.Written.AsSpan((int)at));
                    throw new IOException("No space left on device");
                }

                bytes.CopyTo(disk.Written.AsSpan((int)at));
            }
        }

        public void Sync()
        {
            files.BeforeSync();
            lock (files._gate)
            {
                files.Synced++;
                if (files.Syncs)
                    disk.Safe = (byte[])disk.Written.Clone();
            }
        }

        public void Truncate(long length)
        {
            lock (files._gate)
            {
                disk.Written = disk.Written.AsSpan(0, (int)length).ToArray();
                disk.Safe = disk.Safe.AsSpan(0, (int)Math.Min(length, disk.Safe.Length)).ToArray();
                if (disk.Safe.Length < length)
                    disk.Safe = [.. disk.Safe, .. new byte[length - disk.Safe.Length]];
            }
        }

        public void Dispose()
        {
        }
    }
}
