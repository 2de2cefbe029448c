using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Who listens to two stations: the duplication matrix of a target in a band.</summary>
/// <remarks>The diagonal is each station's own cumulative audience.</remarks>
public sealed class Duplication
{
    private readonly int _stations;
    private readonly double[] _people;
    private readonly double[] _variance;
    private readonly int[] _interviews;

    private Duplication(int stations)
    {
        _stations = stations;
        _people = new double[stations * (stations + 1)];
        _variance = new double[_people.Length];
        _interviews = new int[_people.Length];
    }

    /// <summary>People who listened to both stations in the band, not necessarily at the same time.</summary>
    public double Both(int station, int other) => _people[station * (_stations + 1) + other];

    /// <summary>The standard error of <see cref="Both"/>, in people.</summary>
    public double BothSe(int station, int other) => Math.Sqrt(Math.Max(0, _variance[station * (_stations + 1) + other]));

    /// <summary>Interviews of people who listened to both.</summary>
    public int BothInterviews(int station, int other) => _interviews[station * (_stations + 1) + other];

    /// <summary>Of those who listened to a station, how many in 100 also listened to the other; not a number when nobody listened.</summary>
    public double AlsoPct(int station, int other) => 100 * Both(station, other) / Both(station, station);

    /// <summary>People who listened to this station and to no other in the band.</summary>
    public double Exclusive(int station) => Both(station, _stations);

    /// <summary>The standard error of <see cref="Exclusive"/>, in people.</summary>
    public double ExclusiveSe(int station) => BothSe(station, _stations);

    /// <summary>Interviews of people who listened to this station and to no other.</summary>
    public int ExclusiveInterviews(int station) => BothInterviews(station, _stations);

    /// <summary>Computes the matrix; standard errors are those of totals in the sample's design.</summary>
    /// <exception cref="ArgumentException">The mask is of another sample.</exception>
    public static Duplication From(RadioSample sample, RespondentMask target, QuarterHours band)
    {
        var order = new SampleOrder(sample, [new("", target)]);
        var result = new Duplication(sample.Listening.Stations);
        var audience = new BandAudience(sample.Listening, BandAudience.GroupsOf(sample.Listening, []), 0);
        var (here, ofUnit) = (new double[result._people.Length], new double[result._people.Length]);
        var (touched, touchedOfUnit) = (new List<int>(), new List<int>());
        for (var stratum = 0; stratum < order.StratumStart.Length - 1; stratum++)
        {
            var (scale, inflate) = TargetSums.Factors(order, stratum);
            for (var unit = order.FirstUnit(stratum); unit < order.FirstUnit(stratum) + order.Units(stratum); unit++)
            {
                var (from, to) = order.Places(unit);
                for (var place = from; place < to; place++)
                {
                    if (!order.TargetsAt(place).IsEmpty)
                        result.Add(audience, band, order.Respondents[place], sample.Weights[order.Respondents[place]], ofUnit, touchedOfUnit);
                }

                foreach (var cell in touchedOfUnit)
                {
                    if (here[cell] == 0)
                        touched.Add(cell);
                    here[cell] += ofUnit[cell];
                    result._variance[cell] += inflate * ofUnit[cell] * ofUnit[cell];
                    ofUnit[cell] = 0;
                }

                touchedOfUnit.Clear();
            }

            foreach (var cell in touched)
            {
                result._people[cell] += here[cell];
                result._variance[cell] -= scale * here[cell] * here[cell];
                here[cell] = 0;
            }

            touched.Clear();
        }

        return result;
    }

    private void Add(BandAudience audience, QuarterHours band, int respondent, double weight, double[] here, List<int> touched)
    {
        // The last row heard is total radio, the others are stations, which start at row 1.
        var rows = audience.Of(respondent, band, out var volume);
        if (volume == 0)
            return;
        rows = rows[..^1];
        foreach (var station in rows)
        {
            var start = (station.Row - 1) * (_stations + 1);
            foreach (var other in rows)
                Count(start + other.Row - 1);
            if (rows.Length == 1)
                Count(start + _stations);
        }

        void Count(int cell)
        {
            if (here[cell] == 0)
                touched.Add(cell);
            here[cell] += weight;
            _interviews[cell]++;
        }
    }
}
