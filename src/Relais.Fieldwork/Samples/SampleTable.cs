namespace Relais.Fieldwork.Samples;

/// <summary>The rows of a sample, whatever they come as: CSV, Parquet, or what another system sends.</summary>
internal abstract class SampleTable : IDisposable
{
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Where the current row stands, as a fault names it, from 1.</summary>
    public abstract long Line { get; }

    /// <returns>Whether there is another row; false also after a fault that ends the reading.</returns>
    public abstract bool Next();

    /// <summary>What stands in a column of the current row; nothing for a column that is not there.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    /// <param name="open">Opens the file from its beginning; it may be called twice.</param>
    /// <returns>Null when there is nothing to read; the faults say why.</returns>
    public static SampleTable? Open(Func<Stream> open, LineFaults faults)
    {
        bool parquet;
        using (var stream = open())
            parquet = ParquetSample.Begins(stream);
        return parquet ? ParquetSample.Open(open, faults) : CsvSample.Open(open, faults);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
