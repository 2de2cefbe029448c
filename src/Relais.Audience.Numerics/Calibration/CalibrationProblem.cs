namespace Relais.Audience.Numerics.Calibration;

/// <summary>A sample and the totals that it is to meet.</summary>
public sealed class CalibrationProblem
{
    /// <param name="designWeights">One a respondent, positive; kept, not copied. What is not positive is refused later, with its position.</param>
    /// <param name="margins">At least one, each over the same respondents.</param>
    /// <param name="households">For one weight a household (or another cluster): for each respondent a number from 0 up that names it.</param>
    /// <exception cref="ArgumentException">There is no margin, or lengths disagree.</exception>
    public CalibrationProblem(double[] designWeights, IReadOnlyList<Margin> margins, int[]? households = null)
    {
        if (margins.Count == 0)
            throw new ArgumentException("there is no margin", nameof(margins));
        foreach (var margin in margins)
        {
            if (margin.Respondents != designWeights.Length)
                throw new ArgumentException($"{margin.Name} describes {margin.Respondents} respondents, and there are {designWeights.Length}", nameof(margins));
        }

        if (households is not null && households.Length != designWeights.Length)
            throw new ArgumentException("every respondent needs a household", nameof(households));
        (DesignWeights, Margins, Households) = (designWeights, margins, households);
    }

    /// <summary>The weights before.</summary>
    public double[] DesignWeights { get; }

    /// <summary>The totals, and where each respondent counts.</summary>
    public IReadOnlyList<Margin> Margins { get; }

    /// <summary>Who shares a weight; null when everybody has their own.</summary>
    public int[]? Households { get; }

    /// <summary>How many respondents there are.</summary>
    public int Respondents => DesignWeights.Length;

    internal int Columns => Margins.Sum(m => m.Columns);

    internal string ColumnName(int column)
    {
        foreach (var margin in Margins)
        {
            if (column < margin.Columns)
                return margin.ColumnName(column);
            column -= margin.Columns;
        }

        throw new ArgumentOutOfRangeException(nameof(column));
    }

    internal double[] Totals() => [.. Margins.SelectMany(m => Enumerable.Range(0, m.Columns).Select(m.Total))];
}
