using System.Globalization;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>Real day-before diaries: radio in the American Time Use Survey 2003-2016, against R survey 4.1-1.</summary>
public sealed class TimeUseTests
{
    private const string Radio = "120305";

    private static readonly IReadOnlyList<string[]> Respondents = ReferenceDiary.Rows("atus/atus_respondents_2003_2016.csv.gz");

    private static readonly Variable[] Variables =
        [Of("tuyear", 1), Of("sex", 10), Of("age", 11)];

    private static readonly double[] Minutes = Read();
    private static readonly double[] Listened = Array.ConvertAll(Minutes, minutes => minutes > 0 ? 1.0 : 0);
    private static readonly Estimator Estimator = new(new([.. Respondents.Select(row => ReferenceDiary.Number(row[7]))]), Residuals.None);

    [Fact]
    public void Radio_reached_1_709_per_cent_a_day_for_78_02_minutes_per_listener()
    {
        Assert.Equal(181_335, Respondents.Count);
        Assert.Equal(3_166, Listened.Sum());
        Assert.Equal("1.709", (100 * Estimator.Mean(Listened).Value).ToString("0.000", CultureInfo.InvariantCulture));
        Assert.Equal("78.02", Estimator.Ratio(Minutes, Listened).Value.ToString("0.00", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Reach_and_time_by_sex_age_and_year_and_their_intervals_are_R_surveys()
    {
        var rows = ReferenceDiary.Rows("atus/expected_radio.csv");
        Assert.Equal(22, rows.Count);
        foreach (var row in rows)
        {
            var mask = TargetExpression.Compile(Expression(row[0], row[1]), Variables, Respondents.Count, out var error);
            Assert.Null(error);
            var domain = Enumerable.Range(0, Respondents.Count).Select(i => mask![i]).ToArray();
            var (reach, time) = (Estimator.Mean(Listened, domain), Estimator.Ratio(Minutes, Listened, domain));
            var interval = ConfidenceInterval.Percentage(100 * reach.Value, 100 * reach.StandardError, mask!.Count);
            Assert.Equal((row[2], IntervalMethod.Logit), ($"{mask.Count}", interval.Method));
            double[] figures = [100 * reach.Value, 100 * reach.StandardError, interval.Low, interval.High, time.Value, time.StandardError];
            foreach (var (wanted, figure) in row[4..].Select(ReferenceDiary.Number).Zip(figures))
                Assert.Equal(wanted, figure, wanted * 1e-7);
        }
    }

    private static string Expression(string by, string level) => by switch
    {
        "all" => "all",
        "sex" => $"sex = '{level}'",
        "group" when level == "65+" => "age in (65..)",
        "group" => $"age between {level.Replace("-", " and ", StringComparison.Ordinal)}",
        _ => $"tuyear = {level}",
    };

    private static Variable Of(string name, int column) => Variable.FromTexts(name, Respondents.Select(row => row[column]));

    private static double[] Read()
    {
        var place = Respondents.Index().ToDictionary(row => row.Item[0], row => row.Index);
        var minutes = new double[Respondents.Count];
        foreach (var row in ReferenceDiary.Rows("atus/atus_media_2003_2016.csv.gz").Where(row => row[1] == Radio))
            minutes[place[row[0]]] += ReferenceDiary.Number(row[2]);
        return minutes;
    }
}
