using System.Buffers.Binary;
using System.Numerics;

namespace Relais.Traffic.Measures.Sketches;

/// <summary>
/// How many different visitors there were, from 12 KiB at most: 16,384 registers of 6 bits, a standard error of 0.81 %. Few visitors are held as a list of
/// the registers that they touched. Merging is associative, commutative and idempotent: hours make a day, nodes make a whole, and what is counted twice counts once.
/// </summary>
/// <remarks>
/// Flajolet et al. 2007, with the estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), section 4, which needs no
/// tables and no thresholds. Registers, hash and bytes are those of Redis: see <see cref="RedisEncoding"/>. Not for two threads at once.
/// </remarks>
public sealed class HyperLogLog
{
    public const int Precision = 14;
    public const int Registers = 1 << Precision;

    /// <summary>Bits of a hash that are left for the rank; the highest rank is one more.</summary>
    public const int RankBits = 64 - Precision;

    internal const int DenseBytes = Registers * 6 / 8;

    // 4 bytes a register: from here on the packed ones are no larger, and quicker.
    private const int MostSparse = 2048;
    private const int RankShift = 6;
    private const double AlphaInfinity = 0.721347520444481703680;

    // Sorted; a register's number and its rank in one number. Null once registers are packed.
    private uint[]? _sparse = [];
    private int _sparseCount;
    private byte[] _dense = [];

    public bool IsSparse => _sparse is not null;

    /// <summary>Counts a visitor, told by any bytes that stay the same.</summary>
    /// <returns>Whether anything changed: false for everybody who was counted before, and for some who were not.</returns>
    public bool Add(ReadOnlySpan<byte> visitor) => AddHash(MurmurHash64A.Hash(visitor));

    /// <summary>Counts a visitor by a hash of 64 bits, each of which must be as good as random.</summary>
    public bool AddHash(ulong hash)
    {
        var register = (int)(hash & (Registers - 1));
        // A one above the bits that are there ends the run of zeros.
        return Raise(register, 1 + BitOperations.TrailingZeroCount((hash >> Precision) | (1UL << RankBits)));
    }

    /// <summary>Adds all visitors of another sketch, which stays as it is.</summary>
    public void Merge(HyperLogLog other)
    {
        if (other._sparse is not { } theirs)
        {
            Pack();
            for (var register = 0; register < Registers; register++)
                Raise(register, other.RankOf(register));
            return;
        }

        for (var i = 0; i < other._sparseCount; i++)
            Raise((int)(theirs[i] >> RankShift), (int)(theirs[i] & ((1 << RankShift) - 1)));
    }

    /// <summary>The estimate, rounded.</summary>
    public long Count()
    {
        Span<int> ranks = stackalloc int[RankBits + 2];
        if (_sparse is { } sparse)
        {
            ranks[0] = Registers - _sparseCount;
            for (var i = 0; i < _sparseCount; i++)
                ranks[(int)(sparse[i] & ((1 << RankShift) - 1))]++;
        }
        else
        {
            for (var register = 0; register < Registers; register++)
                ranks[Math.Min(RankOf(register), RankBits + 1)]++;
        }

        var z = Registers * Tau((Registers - ranks[RankBits + 1]) / (double)Registers);
        for (var rank = RankBits; rank >= 1; rank--)
            z = (z + ranks[rank]) * 0.5;
        z += Registers * Sigma(ranks[0] / (double)Registers);
        return (long)Math.Round(AlphaInfinity * Registers * Registers / z, MidpointRounding.AwayFromZero);
    }

    /// <summary>The longest run of zeros, plus one, that a register has seen; 0 for none.</summary>
    internal int RankOf(int register)
    {
        if (_sparse is not null)
            return FindSparse(register) is var at and >= 0 ? (int)(_sparse[at] & ((1 << RankShift) - 1)) : 0;
        var (at8, shift) = (register * 6 / 8, register * 6 % 8);
        var two = _dense[at8] | (at8 + 1 < DenseBytes ? _dense[at8 + 1] << 8 : 0);
        return (two >> shift) & 63;
    }

    /// <summary>The packed registers, in the order of Redis; empty while <see cref="IsSparse"/>.</summary>
    internal ReadOnlySpan<byte> Packed => _dense;

    internal static HyperLogLog FromPacked(ReadOnlySpan<byte> registers)
    {
        var made = new HyperLogLog();
        made.Pack();
        registers.CopyTo(made._dense);
        return made;
    }

    internal bool Raise(int register, int rank)
    {
        if (rank == 0)
            return false;
        if (_sparse is not null && !RaiseSparse(register, rank, out var changed))
            return changed;
        if (RankOf(register) >= rank)
            return false;
        var (at, shift) = (register * 6 / 8, register * 6 % 8);
        if (at + 1 == DenseBytes)
        {
            _dense[at] = (byte)((_dense[at] & ~(63 << shift)) | (rank << shift));
            return true;
        }

        var two = BinaryPrimitives.ReadUInt16LittleEndian(_dense.AsSpan(at));
        BinaryPrimitives.WriteUInt16LittleEndian(_dense.AsSpan(at), (ushort)((two & ~(63 << shift)) | (rank << shift)));
        return true;
    }

    /// <returns>True when the list is full: it is packed now, and nothing was raised yet.</returns>
    private bool RaiseSparse(int register, int rank, out bool changed)
    {
        var (list, entry) = (_sparse!, ((uint)register << RankShift) | (uint)rank);
        var at = FindSparse(register);
        changed = at < 0 || list[at] < entry;
        if (at >= 0)
        {
            list[at] = Math.Max(list[at], entry);
            return false;
        }

        if (_sparseCount == MostSparse)
        {
            Pack();
            return true;
        }

        if (_sparseCount == list.Length)
            Array.Resize(ref list, Math.Max(16, list.Length * 2));
        Array.Copy(list, ~at, list, ~at + 1, _sparseCount - ~at);
        list[~at] = entry;
        (_sparse, _sparseCount) = (list, _sparseCount + 1);
        return false;
    }

    // Where a register's entry lies; else the complement of where it belongs.
    private int FindSparse(int register)
    {
        var (list, low, high) = (_sparse!, 0, _sparseCount - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var there = (int)(list[middle] >> RankShift);
            if (there == register)
                return middle;
            if (there < register)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    private void Pack()
    {
        if (_sparse is not { } list)
            return;
        var count = _sparseCount;
        (_dense, _sparse, _sparseCount) = (new byte[DenseBytes], null, 0);
        for (var i = 0; i < count; i++)
            Raise((int)(list[i] >> RankShift), (int)(list[i] & ((1 << RankShift) - 1)));
    }

    // Ertl 2017, algorithm 6: x + sum of x^(2^k) 2^(k-1).
    private static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;
        var (y, z, before) = (1.0, x, -1.0);
        while (z != before)
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }

        return z;
    }

    // Algorithm 6: (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3.
    private static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;
        var (y, z, before) = (1.0, 1 - x, -1.0);
        while (z != before)
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
