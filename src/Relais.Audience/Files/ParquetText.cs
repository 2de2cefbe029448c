using System.Buffers;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Relais.Audience.Files;

/// <summary>
/// A Parquet file as the CSV text that says the same, so that everything that reads a survey reads it: texts as they are, numbers with a point,
/// dates as 2026-03-01, nothing where there is no value. It holds the values of one row group, and the text of a few thousand rows.
/// </summary>
internal sealed class ParquetText : Stream
{
    private const int RowsAtOnce = 2048;

    private readonly Stream _parquet;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private readonly ArrayBufferWriter<byte> _text = new();
    private ParquetColumn[] _columns = [];
    private int _from;
    private int _group;
    private int _row;
    private int _rows;

    private ParquetText(Stream parquet, ParquetReader reader)
    {
        (_parquet, _reader, _fields) = (parquet, reader, reader.Schema.GetDataFields());
        Encoding.UTF8.GetBytes(string.Join(',', _fields.Select(f => ParquetColumn.Quoted(f.Name))) + '\n', _text);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a stream begins as a Parquet file does. Takes four bytes of it.</summary>
    public static bool Begins(Stream stream)
    {
        Span<byte> head = stackalloc byte[4];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read].SequenceEqual("PAR1"u8);
    }

    /// <param name="parquet">Can be sought in; its disposal is taken over.</param>
    /// <exception cref="ParquetException">It is damaged, or has columns that hold more than a value.</exception>
    public static ParquetText Open(Stream parquet)
    {
        var text = new ParquetText(parquet, Checked(() => ParquetReader.CreateAsync(parquet).GetAwaiter().GetResult()));
        if (Array.Find(text._fields, f => ParquetColumn.ReaderOf(f) is null) is not { } odd)
            return text;
        text.Dispose();
        throw new ParquetException($"{odd.Path}");
    }

    public override int Read(Span<byte> buffer)
    {
        while (_from == _text.WrittenCount)
        {
            if (!Fill())
                return 0;
        }

        var count = Math.Min(buffer.Length, _text.WrittenCount - _from);
        _text.WrittenSpan.Slice(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parquet.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        if (_row == _rows)
        {
            if (_group == _reader.RowGroupCount)
                return false;
            Checked(ReadGroup);
        }

        _text.ResetWrittenCount();
        _from = 0;
        for (var until = Math.Min(_rows, _row + RowsAtOnce); _row < until; _row++)
        {
            for (var column = 0; column < _columns.Length; column++)
            {
                if (column > 0)
                    _text.Write(","u8);
                _columns[column].Write(_row, _text);
            }

            _text.Write("\n"u8);
        }

        return true;
    }

    private int ReadGroup()
    {
        _columns = [];
        using var group = _reader.OpenRowGroupReader(_group++);
        _columns = [.. _fields.Select(f => ParquetColumn.ReaderOf(f)?.Invoke(group, f) ?? throw new InvalidOperationException(f.Name))];
        (_row, _rows) = (0, checked((int)group.RowCount));
        return _rows;
    }

    // The library throws what comes to its hands on bytes that are none of Parquet's.
    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ParquetException))
        {
            throw new ParquetException(column: null, e);
        }
    }
}

/// <summary>A Parquet file that cannot be read.</summary>
/// <param name="column">The column whose values are of a kind that no survey's table has; null when the file is damaged.</param>
internal sealed class ParquetException(string? column, Exception? why = null) : Exception(why?.Message ?? column, why)
{
    public string? Column { get; } = column;
}
