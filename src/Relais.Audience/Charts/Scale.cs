namespace Relais.Audience.Charts;

/// <summary>An axis from 0 to a round number, with a handful of marks.</summary>
internal sealed record Scale(double Step, double Most)
{
    public static Scale To(double largest, int marks = 5)
    {
        if (!(largest > 0))
            return new Scale(1, 1);
        var rough = largest / marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        return new Scale(step, Math.Ceiling(largest / step - 1e-9) * step);
    }

    public IEnumerable<double> Marks => Enumerable.Range(0, (int)Math.Round(Most / Step) + 1).Select(at => at * Step);

    /// <summary>Digits after the point that its marks need.</summary>
    public int Digits => Step >= 1 && Math.Abs(Step - Math.Round(Step)) < 1e-9 ? 0 : Step >= 0.1 ? 1 : 2;
}
