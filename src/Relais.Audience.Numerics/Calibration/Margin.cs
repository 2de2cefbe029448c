namespace Relais.Audience.Numerics.Calibration;

/// <summary>Totals that weights must meet, and where each respondent counts in them.</summary>
public abstract class Margin
{
    private protected Margin(string name, int respondents, int columns) => (Name, Respondents, Columns) = (name, respondents, columns);

    /// <summary>What messages call it: <c>sex</c>, or <c>sex*age</c> for interlocked cells.</summary>
    public string Name { get; }

    /// <summary>How many respondents it describes.</summary>
    public int Respondents { get; }

    /// <summary>How many totals it has.</summary>
    public int Columns { get; }

    /// <summary>What messages call one of its totals: <c>sex=F</c>.</summary>
    public abstract string ColumnName(int column);

    /// <summary>One of its totals.</summary>
    public abstract double Total(int column);
}

/// <summary>
/// A categorical variable, or the crossing of several: each respondent counts in exactly one cell. One code of two bytes a respondent, never
/// a column of ones and zeros.
/// </summary>
public sealed class CellMargin : Margin
{
    private readonly double[] _totals;

    /// <param name="name">The variable, or the variables joined by <c>*</c>.</param>
    /// <param name="levels">The names of the cells, at most 65,536: those of the totals and those of the sample.</param>
    /// <param name="codes">For each respondent the position of their cell in <paramref name="levels"/>. Kept, not copied.</param>
    /// <param name="totals">For each cell its total; NaN for one that the sample has and the totals do not, which is refused later.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a code is not that of a level.</exception>
    public CellMargin(string name, IReadOnlyList<string> levels, ushort[] codes, double[] totals)
        : base(name, codes.Length, levels.Count)
    {
        if (totals.Length != levels.Count)
            throw new ArgumentException($"{name} has {levels.Count} levels and {totals.Length} totals", nameof(totals));
        foreach (var code in codes)
        {
            if (code >= levels.Count)
                throw new ArgumentException($"{name} has no level {code}", nameof(codes));
        }

        (Levels, Codes, _totals) = (levels, codes, totals);
    }

    /// <summary>The names of the cells.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>Each respondent's cell.</summary>
    public ushort[] Codes { get; }

    /// <summary>Each cell's total.</summary>
    public ReadOnlySpan<double> Totals => _totals;

    /// <inheritdoc/>
    public override string ColumnName(int column) => $"{Name}={Levels[column]}";

    /// <inheritdoc/>
    public override double Total(int column) => _totals[column];
}

/// <summary>The total of a numeric variable; a variable that is 1 for everybody gives the size of the population.</summary>
public sealed class TotalMargin : Margin
{
    private readonly double _total;

    /// <param name="name">The variable.</param>
    /// <param name="values">Finite, one a respondent. Kept, not copied.</param>
    /// <param name="total">What the weighted values must sum to.</param>
    /// <exception cref="ArgumentException">A value or the total is not finite.</exception>
    public TotalMargin(string name, double[] values, double total)
        : base(name, values.Length, 1)
    {
        if (!double.IsFinite(total) || !Array.TrueForAll(values, double.IsFinite))
            throw new ArgumentException($"{name} has a value that is not finite", nameof(values));
        (Values, _total) = (values, total);
    }

    /// <summary>Each respondent's value.</summary>
    public double[] Values { get; }

    /// <inheritdoc/>
    public override string ColumnName(int column) => Name;

    /// <inheritdoc/>
    public override double Total(int column) => _total;
}
