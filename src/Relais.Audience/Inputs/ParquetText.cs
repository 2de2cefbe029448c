using System.Buffers;
using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Relais.Audience.Inputs;

/// <summary>
/// A Parquet file as the CSV text that says the same, one row group after the other, so that everything that reads a survey reads it: texts as they
/// are, numbers with a point and as many digits as it takes to read the same number again, nothing where there is no value.
/// </summary>
internal sealed class ParquetText : Stream
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\r\n");

    private readonly Stream _parquet;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private byte[] _text;
    private int _from;
    private int _group;

    private ParquetText(Stream parquet, ParquetReader reader)
    {
        (_parquet, _reader, _fields) = (parquet, reader, reader.Schema.GetDataFields());
        _text = Encoding.UTF8.GetBytes(string.Join(',', _fields.Select(f => Quoted(f.Name))) + '\n');
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
        if (Array.Find(text._fields, f => f.MaxRepetitionLevel > 0 || ReaderOf(f.ClrType) is null) is not { } odd)
            return text;
        text.Dispose();
        throw new ParquetException($"{odd.Path}");
    }

    public override int Read(Span<byte> buffer)
    {
        while (_from == _text.Length)
        {
            if (_group == _reader.RowGroupCount)
                return 0;
            (_text, _from) = (Checked(ReadGroup), 0);
        }

        var count = Math.Min(buffer.Length, _text.Length - _from);
        _text.AsSpan(_from, count).CopyTo(buffer);
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

    private byte[] ReadGroup()
    {
        using var group = _reader.OpenRowGroupReader(_group++);
        var columns = _fields.Select(f => ReaderOf(f.ClrType)!(group, f)).ToList();
        var text = new StringBuilder();
        for (var row = 0; row < group.RowCount; row++)
        {
            for (var column = 0; column < columns.Count; column++)
                text.Append(column == 0 ? "" : ",").Append(columns[column][row]);
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static Func<ParquetRowGroupReader, DataField, string[]>? ReaderOf(Type type) =>
        type == typeof(ReadOnlyMemory<char>) || type == typeof(string) ? Texts
        : type == typeof(double) ? Numbers<double> : type == typeof(float) ? Numbers<float> : type == typeof(decimal) ? Numbers<decimal>
        : type == typeof(int) ? Numbers<int> : type == typeof(long) ? Numbers<long> : type == typeof(short) ? Numbers<short>
        : type == typeof(sbyte) ? Numbers<sbyte> : type == typeof(byte) ? Numbers<byte> : type == typeof(ushort) ? Numbers<ushort>
        : type == typeof(uint) ? Numbers<uint> : type == typeof(ulong) ? Numbers<ulong>
        : type == typeof(bool) ? Truths
        : null;

    private static string[] Texts(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        group.ReadAsync(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(values, value => Quoted(value ?? ""));
    }

    private static string[] Numbers<T>(ParquetRowGroupReader group, DataField field)
        where T : struct, IFormattable => Array.ConvertAll(Values<T>(group, field), value => value?.ToString(null, CultureInfo.InvariantCulture) ?? "");

    private static string[] Truths(ParquetRowGroupReader group, DataField field) =>
        Array.ConvertAll(Values<bool>(group, field), value => value?.ToString().ToLowerInvariant() ?? "");

    private static T?[] Values<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T?[group.RowCount];
        group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

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
