using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>A record of a BIFF stream (MS-XLS 2.1.4): its kind and where its bytes lie.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BiffRecord(ushort Kind, int Start, int Length);

/// <summary>Walks the records of a BIFF stream and reads in them; everything outside the bytes is damage.</summary>
internal sealed class BiffRecords(byte[] stream)
{
    public const ushort Continue = 0x3C;

    /// <summary>The record that starts here; null at the end of the stream.</summary>
    public BiffRecord? At(int position)
    {
        if (position < 0 || position + 4 > stream.Length)
            return null;
        var length = U16(position + 2);
        return position + 4 + length <= stream.Length ? new BiffRecord(U16(position), position + 4, length) : throw new InvalidDataException("a record that ends early");
    }

    public byte U8(int at) => at >= 0 && at < stream.Length ? stream[at] : throw new InvalidDataException("too short");

    public ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2));

    public uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at, 4));

    public double Double(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(at, 8));

    /// <summary>An RK number (MS-XLS 2.5.217): 30 bits of a double or a whole number, perhaps in hundredths.</summary>
    public double Rk(int at)
    {
        var bits = U32(at);
        var number = (bits & 2) != 0 ? (int)bits >> 2 : BitConverter.UInt64BitsToDouble((ulong)(bits & 0xFFFFFFFC) << 32);
        return (bits & 1) != 0 ? number / 100 : number;
    }

    /// <summary>A string whose length was read before: a byte of flags, then one or two bytes a character. Runs and phonetics are left out.</summary>
    public string Characters(int at, int count)
    {
        var flags = U8(at++);
        at += (flags & 8) != 0 ? 2 : 0;
        at += (flags & 4) != 0 ? 4 : 0;
        return (flags & 1) != 0 ? Encoding.Unicode.GetString(Bytes(at, count * 2)) : Encoding.Latin1.GetString(Bytes(at, count));
    }

    /// <summary>The shared strings (MS-XLS 2.4.265), which run on through Continue records.</summary>
    public List<string> SharedStrings(BiffRecord first)
    {
        var reader = new Spanning(this, first);
        reader.Skip(4);
        var count = reader.U32();
        var texts = new List<string>();
        for (uint i = 0; i < count; i++)
            texts.Add(reader.Text());
        return texts;
    }

    private ReadOnlySpan<byte> Bytes(int at, int count) =>
        at >= 0 && count >= 0 && at <= stream.Length - count ? stream.AsSpan(at, count) : throw new InvalidDataException("too short");

    /// <summary>Reads on from a record into the Continue records behind it.</summary>
    private sealed class Spanning(BiffRecords records, BiffRecord first)
    {
        private int _at = first.Start;
        private int _end = first.Start + first.Length;

        public uint U32() => (uint)(U16() | (U16() << 16));

        public void Skip(long count)
        {
            while (count > 0)
            {
                Enter();
                var step = (int)Math.Min(count, _end - _at);
                _at += step;
                count -= step;
            }
        }

        public string Text()
        {
            var count = U16();
            var flags = U8();
            var runs = (flags & 8) != 0 ? U16() : 0;
            var extra = (flags & 4) != 0 ? U32() : 0;
            var text = new StringBuilder(count);
            var wide = (flags & 1) != 0;
            while (text.Length < count)
            {
                // In the middle of its characters a string says anew, in the Continue record, how wide they are.
                if (_at >= _end)
                    wide = (U8() & 1) != 0;
                var fit = Math.Min(count - text.Length, (_end - _at) / (wide ? 2 : 1));
                if (fit == 0)
                    throw new InvalidDataException("a character cut in two");
                text.Append((wide ? Encoding.Unicode : Encoding.Latin1).GetString(records.Bytes(_at, fit * (wide ? 2 : 1))));
                _at += fit * (wide ? 2 : 1);
            }

            Skip((4L * runs) + extra);
            return text.ToString();
        }

        private ushort U16() => (ushort)(U8() | (U8() << 8));

        private byte U8()
        {
            Enter();
            return records.U8(_at++);
        }

        private void Enter()
        {
            while (_at >= _end)
            {
                if (records.At(_end) is not { Kind: Continue } next)
                    throw new InvalidDataException("strings that end early");
                (_at, _end) = (next.Start, next.Start + next.Length);
            }
        }
    }
}
