using System.Buffers;
using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Relais.Audience.Files;

/// <summary>The values of one column in one row group, which write themselves as those of a CSV row.</summary>
internal abstract class ParquetColumn
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\r\n");

    public abstract void Write(int row, IBufferWriter<byte> to);

    /// <summary>How a column is read; null when its values are lists, objects or bytes, which no survey's table has.</summary>
    public static Func<ParquetRowGroupReader, DataField, ParquetColumn>? ReaderOf(DataField field) =>
        field.MaxRepetitionLevel > 0 ? null : ReaderOf(field.ClrType);

    public static string Quoted(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static Func<ParquetRowGroupReader, DataField, ParquetColumn>? ReaderOf(Type type) =>
        type == typeof(ReadOnlyMemory<char>) || type == typeof(string) ? Texts
        : type == typeof(bool) ? Truths
        : type == typeof(double) ? Numbers<double> : type == typeof(float) ? Numbers<float> : type == typeof(decimal) ? Numbers<decimal>
        : type == typeof(int) ? Numbers<int> : type == typeof(long) ? Numbers<long> : type == typeof(short) ? Numbers<short>
        : type == typeof(sbyte) ? Numbers<sbyte> : type == typeof(byte) ? Numbers<byte> : type == typeof(ushort) ? Numbers<ushort>
        : type == typeof(uint) ? Numbers<uint> : type == typeof(ulong) ? Numbers<ulong>
        : type == typeof(DateTime) ? Moments : type == typeof(DateOnly) ? Dates : type == typeof(TimeOnly) ? Times
        : null;

    private static TextColumn Texts(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        group.ReadAsync(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return new TextColumn(values);
    }

    private static ValueColumn<T> Numbers<T>(ParquetRowGroupReader group, DataField field)
        where T : struct, IUtf8SpanFormattable => new(Values<T>(group, field), static _ => "");

    private static TruthColumn Truths(ParquetRowGroupReader group, DataField field) => new(Values<bool>(group, field));

    private static ValueColumn<DateTime> Moments(ParquetRowGroupReader group, DataField field) =>
        new(Values<DateTime>(group, field), static moment => moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "s");

    private static ValueColumn<DateOnly> Dates(ParquetRowGroupReader group, DataField field) => new(Values<DateOnly>(group, field), static _ => "O");

    private static ValueColumn<TimeOnly> Times(ParquetRowGroupReader group, DataField field) => new(Values<TimeOnly>(group, field), static _ => "HH:mm:ss");

    private static T?[] Values<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T?[group.RowCount];
        group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private sealed class TextColumn(string?[] values) : ParquetColumn
    {
        public override void Write(int row, IBufferWriter<byte> to)
        {
            if (values[row] is { Length: > 0 } text)
                Encoding.UTF8.GetBytes(Quoted(text), to);
        }
    }

    private sealed class TruthColumn(bool?[] values) : ParquetColumn
    {
        public override void Write(int row, IBufferWriter<byte> to) => to.Write(values[row] switch
        {
            null => [],
            true => "true"u8,
            false => "false"u8,
        });
    }

    // As many digits as it takes to read the same number again.
    private sealed class ValueColumn<T>(T?[] values, Func<T, string> format) : ParquetColumn
        where T : struct, IUtf8SpanFormattable
    {
        private const int Longest = 64;

        public override void Write(int row, IBufferWriter<byte> to)
        {
            if (values[row] is { } value && value.TryFormat(to.GetSpan(Longest), out var written, format(value), CultureInfo.InvariantCulture))
                to.Advance(written);
        }
    }
}
