using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Relais.Fieldwork.Samples;

/// <summary>
/// A sample as Parquet: each value as the text that a CSV file would have, so that the same rules hold. It holds the values of one row group. A fault names the
/// row, from 1; a phone number kept as a number has lost its leading zero, so such columns are refused.
/// </summary>
internal sealed class ParquetSample : SampleTable
{
    private readonly LineFaults _faults;
    private readonly Stream _file;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private string?[][] _cells = [];
    private int _group;
    private int _row;
    private int _rows;
    private long _before;

    private ParquetSample(LineFaults faults, Stream file, ParquetReader reader)
    {
        (_faults, _file, _reader, _fields) = (faults, file, reader, reader.Schema.GetDataFields());
        Columns = [.. _fields.Select(f => f.Name)];
    }

    public override IReadOnlyList<string> Columns { get; }

    public override long Line => _before + _row;

    /// <summary>Whether a stream begins as a Parquet file does. Takes four bytes of it.</summary>
    public static bool Begins(Stream stream)
    {
        Span<byte> head = stackalloc byte[4];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read].SequenceEqual("PAR1"u8);
    }

    public static new ParquetSample? Open(Func<Stream> open, LineFaults faults)
    {
        var file = open();
        if (Checked(() => ParquetReader.CreateAsync(file).GetAwaiter().GetResult(), faults) is { } reader)
        {
            var sample = new ParquetSample(faults, file, reader);
            if (sample.Suits())
                return sample;
        }

        file.Dispose();
        return null;
    }

    public override bool Next()
    {
        while (_row == _rows)
        {
            if (_group == _reader.RowGroupCount)
                return false;
            _before += _rows;
            (_row, _rows) = (0, 0);
            if (Checked(ReadGroup, _faults) is not { } cells)
                return false;
            _cells = cells;
        }

        _row++;
        return true;
    }

    public override ReadOnlySpan<char> Text(int column) => column < 0 ? [] : _cells[column][_row - 1].AsSpan().Trim();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Suits()
    {
        foreach (var field in _fields)
        {
            if (field.MaxRepetitionLevel > 0 || !IsText(field.ClrType) && ReaderOf(field.ClrType) is null)
                _faults.Add(new LineFault(null, $"{field.Path}", "column-kind"));
            else if (field.Name.StartsWith("phone", StringComparison.OrdinalIgnoreCase) && !IsText(field.ClrType))
                _faults.Add(new LineFault(null, field.Name, "phone-number-kind"));
        }

        if (_fields.Select(f => f.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < _fields.Length)
            _faults.Add(new LineFault(null, null, "column-twice"));
        return _faults.Count == 0;
    }

    private string?[][] ReadGroup()
    {
        using var group = _reader.OpenRowGroupReader(_group++);
        var cells = Array.ConvertAll(_fields, field => IsText(field.ClrType) ? Texts(group, field) : ReaderOf(field.ClrType)?.Invoke(group, field) ?? []);
        _rows = checked((int)group.RowCount);
        return Array.TrueForAll(cells, c => c.Length == _rows) ? cells : throw new InvalidDataException("A column is shorter than its group.");
    }

    private static bool IsText(Type type) => type == typeof(ReadOnlyMemory<char>) || type == typeof(string);

    private static Func<ParquetRowGroupReader, DataField, string?[]>? ReaderOf(Type type) =>
        type == typeof(bool) ? (group, field) => Array.ConvertAll(Values<bool>(group, field), v => v switch { null => null, true => "true", false => "false" })
        : type == typeof(int) ? Numbers<int> : type == typeof(long) ? Numbers<long> : type == typeof(short) ? Numbers<short> : type == typeof(sbyte) ? Numbers<sbyte>
        : type == typeof(byte) ? Numbers<byte> : type == typeof(ushort) ? Numbers<ushort> : type == typeof(uint) ? Numbers<uint> : type == typeof(ulong) ? Numbers<ulong>
        : type == typeof(double) ? Numbers<double> : type == typeof(float) ? Numbers<float> : type == typeof(decimal) ? Numbers<decimal>
        : type == typeof(DateOnly) ? (group, field) => Array.ConvertAll(Values<DateOnly>(group, field), v => v?.ToString("O", CultureInfo.InvariantCulture))
        : type == typeof(DateTime) ? (group, field) => Array.ConvertAll(Values<DateTime>(group, field), v => v?.ToString(v.Value.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "s", CultureInfo.InvariantCulture))
        : null;

    private static string?[] Texts(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        group.ReadAsync(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static string?[] Numbers<T>(ParquetRowGroupReader group, DataField field)
        where T : struct, IFormattable => Array.ConvertAll(Values<T>(group, field), v => v?.ToString(null, CultureInfo.InvariantCulture));

    private static T?[] Values<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T?[group.RowCount];
        group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }

    // The library throws what comes to its hands on bytes that are none of Parquet's.
    private static T? Checked<T>(Func<T> read, LineFaults faults)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            faults.Add(new LineFault(null, null, "parquet"));
            return null;
        }
    }
}
