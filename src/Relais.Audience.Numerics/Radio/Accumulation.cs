using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Where a reach over several days comes from. Every result carries it, because a model is not a measurement.</summary>
public enum AccumulationMethod
{
    /// <summary>Counted over people who were asked about each of the days.</summary>
    Measured,

    /// <summary>Model: everybody has the same chance each day, and days are independent. It overstates the reach, so it is an upper bound.</summary>
    Binomial,

    /// <summary>Model: each person's chance is drawn from a beta law (Metheringham, 1964), fitted to the reach of one and of two days.</summary>
    BetaBinomial,

    /// <summary>Model: each person's number of contacts is Poisson, its mean drawn from a gamma law, fitted to one day's reach and contacts.</summary>
    NegativeBinomial,
}

/// <summary>Reach over a number of days, as a proportion of the target.</summary>
public sealed record Accumulation(AccumulationMethod Method, IReadOnlyList<double> ReachByDays)
{
    /// <summary>For each number of days the standard error of a measured reach; null for a model, whose error is more than that of its sample.</summary>
    public IReadOnlyList<double>? StandardErrors { get; private init; }

    /// <summary>The reach of <paramref name="days"/> days, counted from 1.</summary>
    public double After(int days) => ReachByDays[days - 1];

    /// <summary>
    /// Measured: each person was asked about the same number of days and listened on some of them. The reach of d days is averaged over all
    /// choices of d days, so that it does not hang on which day comes first: a person with c of D days is reached by d of them with chance
    /// 1 - C(D - c, d) / C(D, d).
    /// </summary>
    /// <param name="daysListened">For each person, from 0 to <paramref name="daysAsked"/>.</param>
    /// <param name="design">The people's weights and how they were drawn.</param>
    /// <param name="target">Who counts; empty for everybody.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a person listened on more days than were asked about.</exception>
    public static Accumulation Measured(ReadOnlySpan<int> daysListened, int daysAsked, SurveyDesign design, ReadOnlySpan<bool> target = default)
    {
        if (daysListened.Length != design.Respondents)
            throw new ArgumentException($"There are {daysListened.Length} people and {design.Respondents} weights.", nameof(design));

        var estimator = new Estimator(design, Residuals.None);
        var (reach, errors, reached) = (new double[daysAsked], new double[daysAsked], new double[daysListened.Length]);
        for (var days = 1; days <= daysAsked; days++)
        {
            for (var i = 0; i < reached.Length; i++)
            {
                if ((uint)daysListened[i] > (uint)daysAsked)
                    throw new ArgumentException($"Person {i} listened on {daysListened[i]} of {daysAsked} days.", nameof(daysListened));
                reached[i] = 1 - ChanceMissed(daysAsked, daysListened[i], days);
            }

            var mean = estimator.Mean(reached, target);
            (reach[days - 1], errors[days - 1]) = (mean.Value, mean.StandardError);
        }

        return new(AccumulationMethod.Measured, reach) { StandardErrors = errors };
    }

    /// <summary>On how many days each person heard one of the stations in a band: what <see cref="Measured"/> takes.</summary>
    /// <param name="days">The listening of each day, all of the same people in the same order.</param>
    /// <exception cref="ArgumentException">The days are of different numbers of people.</exception>
    public static int[] DaysListened(IReadOnlyList<Listening> days, IReadOnlySet<int> stations, QuarterHours band)
    {
        var count = new int[days.Count == 0 ? 0 : days[0].Respondents];
        foreach (var day in days)
        {
            if (day.Respondents != count.Length)
                throw new ArgumentException($"One day is of {count.Length} people, another of {day.Respondents}.", nameof(days));
            for (var person = 0; person < count.Length; person++)
                count[person] += Heard(day, person, stations, band) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Binomial: 1 - (1 - p)^d.</summary>
    /// <param name="oneDay">Reach of one day, from 0 to 1.</param>
    public static Accumulation Binomial(double oneDay, int days) =>
        new(AccumulationMethod.Binomial, [.. Enumerable.Range(1, days).Select(day => 1 - Math.Pow(1 - oneDay, day))]);

    /// <summary>Beta-binomial: 1 - B(a, b + d) / B(a, b), where a and b reproduce the reach of one day and of two.</summary>
    /// <returns>Null when no such law exists: two days must reach more than one day, and less than if they were independent.</returns>
    public static Accumulation? BetaBinomial(double oneDay, double twoDays, int days)
    {
        if (!(oneDay > 0 && twoDays > oneDay && 1 - twoDays > (1 - oneDay) * (1 - oneDay)))
            return null;

        var sum = (twoDays - oneDay) / (1 - twoDays - (1 - oneDay) * (1 - oneDay));
        var (reach, missed) = (new double[days], 1.0);
        for (var day = 0; day < days; day++)
        {
            missed *= (sum * (1 - oneDay) + day) / (sum + day);
            reach[day] = 1 - missed;
        }

        return new(AccumulationMethod.BetaBinomial, reach);
    }

    /// <summary>
    /// Negative binomial: 1 - (1 + d m / k)^-k, where k reproduces the reach of one day. It needs no second day; but it takes a person's quarter
    /// hours as independent contacts, which they are not, so beta-binomial is better whenever two days are known.
    /// </summary>
    /// <param name="contacts">Mean contacts a person and day, m, counting those who have none.</param>
    /// <returns>Null when no such law exists: contacts must be more than the reach, and the reach below 1 - exp(-m).</returns>
    public static Accumulation? NegativeBinomial(double oneDay, double contacts, int days)
    {
        if (!(oneDay > 0 && contacts > oneDay && oneDay < 1 - Math.Exp(-contacts)))
            return null;

        // The chance of no contact falls as k grows, from 1 towards exp(-m): bisect the logarithm of k.
        var (low, high) = (-60.0, 60.0);
        for (var step = 0; step < 200; step++)
        {
            var middle = (low + high) / 2;
            if (Missed(contacts, Math.Exp(middle)) > 1 - oneDay)
                low = middle;
            else
                high = middle;
        }

        var k = Math.Exp((low + high) / 2);
        return new(AccumulationMethod.NegativeBinomial, [.. Enumerable.Range(1, days).Select(day => 1 - Missed(day * contacts, k))]);
    }

    private static bool Heard(Listening day, int person, IReadOnlySet<int> stations, QuarterHours band)
    {
        var heard = day.HeardBy(person);
        var found = false;
        for (var i = 0; i < heard.Length; i++)
            found |= !(heard[i] & band).IsEmpty && stations.Contains(day.StationsOf(person)[i]);
        return found;
    }

    private static double Missed(double contacts, double k)
    {
        // log(1 + x) for any x (Goldberg 1991): the rounding of 1 + x cancels out.
        var (x, rounded) = (contacts / k, 1 + contacts / k);
        return Math.Exp(-k * (rounded.Equals(1) ? x : Math.Log(rounded) * x / (rounded - 1)));
    }

    // C(D - c, d) / C(D, d), as a product so that nothing overflows.
    private static double ChanceMissed(int asked, int listened, int days)
    {
        var chance = 1.0;
        for (var day = 0; day < days; day++)
            chance *= Math.Max(0.0, asked - listened - day) / (asked - day);
        return chance;
    }
}
