using System.Buffers.Binary;
using System.Text;

namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>
/// One stream out of a compound file (MS-CFB), the container of .xls. Chains are followed at most as far as the file has sectors, so a
/// chain that bites its tail ends.
/// </summary>
internal static class CompoundFile
{
    private const int MiniSector = 64;
    private const int EntrySize = 128;
    private const uint Last = 0xFFFFFFFA; // From here on a number names no sector (MS-CFB 2.1).

    /// <summary>The bytes of the first stream that has one of these names; null when there is none.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> file, params ReadOnlySpan<string> names)
    {
        var shift = U16(file, 30);
        if (shift is not (9 or 12))
            throw new InvalidDataException("sectors of no known size");
        var sector = 1 << shift;
        var fat = Fat(file, sector);
        var directory = Chain(file, sector, fat, U32(file, 48), int.MaxValue);

        foreach (var name in names)
        {
            for (var at = 0; at + EntrySize <= directory.Length; at += EntrySize)
            {
                var entry = directory.AsSpan(at, EntrySize);
                if (entry[66] == 2 && string.Equals(NameOf(entry), name, StringComparison.OrdinalIgnoreCase))
                    return Contents(file, sector, fat, directory, entry);
            }
        }

        return null;
    }

    private static byte[] Contents(ReadOnlySpan<byte> file, int sector, List<uint> fat, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> entry)
    {
        var (start, length) = (U32(entry, 116), U32(entry, 120));
        if (length > file.Length)
            throw new InvalidDataException("a stream longer than its file");
        if (length >= U32(file, 56))
            return Chain(file, sector, fat, start, (int)length);

        // Small streams lie in the root entry's stream, in sectors of 64 bytes with a table of their own.
        var mini = Chain(file, sector, fat, U32(directory, 116), int.MaxValue);
        var table = Numbers(Chain(file, sector, fat, U32(file, 60), int.MaxValue));
        return Chain(mini, MiniSector, table, start, (int)length, 0);
    }

    /// <summary>The table that says which sector follows which; its own sectors are listed in the header and in further sectors.</summary>
    private static List<uint> Fat(ReadOnlySpan<byte> file, int sector)
    {
        var fat = new List<uint>();
        for (var i = 0; i < 109; i++)
            Add(file, U32(file, 76 + (4 * i)));
        var more = U32(file, 68);
        for (var guard = file.Length / sector; more < Last && guard >= 0; guard--)
        {
            var list = SectorAt(file, sector, more, sector);
            for (var at = 0; at + 8 <= sector; at += 4)
                Add(file, U32(list, at));
            more = U32(list, sector - 4);
        }

        return fat;

        void Add(ReadOnlySpan<byte> bytes, uint number)
        {
            // A file has no use for a table of more sectors than it has.
            if (number < Last && fat.Count <= bytes.Length / sector)
                fat.AddRange(Numbers(SectorAt(bytes, sector, number, sector)));
        }
    }

    private static byte[] Chain(ReadOnlySpan<byte> file, int size, List<uint> next, uint start, int length, int header = -1)
    {
        using var bytes = new MemoryStream();
        var guard = file.Length / size;
        for (var at = start; at < Last && bytes.Length < length; at = at < next.Count ? next[(int)at] : throw new InvalidDataException("a chain out of its table"))
        {
            if (guard-- < 0)
                throw new InvalidDataException("a chain without end");
            bytes.Write(SectorAt(file, size, at, header < 0 ? size : header));
        }

        if (length != int.MaxValue && bytes.Length < length)
            throw new InvalidDataException("a stream that ends early");
        var all = bytes.ToArray();
        return length < all.Length ? all[..length] : all;
    }

    private static ReadOnlySpan<byte> SectorAt(ReadOnlySpan<byte> file, int size, uint number, int header)
    {
        var at = header + ((long)number * size);
        if (at >= file.Length)
            throw new InvalidDataException("a sector out of its file");
        // The last sector of a file may be cut short.
        return file.Slice((int)at, (int)Math.Min(size, file.Length - at));
    }

    private static List<uint> Numbers(ReadOnlySpan<byte> bytes)
    {
        var numbers = new List<uint>(bytes.Length / 4);
        for (var at = 0; at + 4 <= bytes.Length; at += 4)
            numbers.Add(U32(bytes, at));
        return numbers;
    }

    private static string NameOf(ReadOnlySpan<byte> entry) =>
        U16(entry, 64) is >= 2 and <= 64 and var length ? Encoding.Unicode.GetString(entry[..(length - 2)]) : "";

    private static uint U32(ReadOnlySpan<byte> bytes, int at) =>
        at + 4 <= bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : throw new InvalidDataException("too short");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) =>
        at + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : throw new InvalidDataException("too short");
}
