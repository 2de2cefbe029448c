using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class ReferenceIndicatorsTests
{
    private static readonly string[] BandTexts = ["0500-2400", "0600-0900"];

    private static IndicatorTable Table { get; } = ComputeIndicators.From(ReferenceDiary.Sample, new(
        [Target.All(ReferenceDiary.Sample.Respondents)],
        [.. BandTexts.Select(text => Band.TryParse(text, BroadcastDay.French, out _)!)],
        [new("GROUP_S1_S2", [0, 1])]));

    [Fact]
    public void Every_row_of_R_survey_is_met_points_to_1e_9_and_standard_errors_to_1e_7()
    {
        var expected = ReferenceDiary.Rows("radio/expected_indicators.csv");
        Assert.Equal(24, expected.Count);
        foreach (var row in expected)
        {
            var (cell, name) = (At(row), $"{row[1]} {row[2]}");
            Assert.Equal(row[4], $"{cell.Interviews}");
            Assert.Equal(row[5], $"{cell.Listeners}");
            Close(row[6], cell.Universe, 1e-9, name);
            Close(row[7], cell.Ac, 1e-9, name);
            Close(row[8], cell.AcSe, 1e-7, name);
            Close(row[9], cell.AcPct, 1e-9, name);
            Close(row[10], cell.AcPctSe, 1e-7, name);
            Close(row[11], cell.Qhm, 1e-9, name);
            Close(row[12], cell.QhmSe, 1e-7, name);
            Close(row[13], cell.QhmPct, 1e-9, name);
            Close(row[14], cell.QhmPctSe, 1e-7, name);
            Close(row[15], cell.VolumeQuarterHours, 1e-9, name);
            Close(row[16], cell.DeaMinutes, 1e-9, name);
            Close(row[17], cell.DeaMinutesSe, 1e-7, name);
            Close(row[18], cell.PdaPct, 1e-9, name);
            Close(row[19], cell.PdaPctSe, 1e-7, name);
        }
    }

    [Fact]
    public void Audience_times_time_spent_is_the_quarter_hours_listened_on_every_row()
    {
        foreach (var row in ReferenceDiary.Rows("radio/expected_indicators.csv"))
        {
            var cell = At(row);
            var quarterHours = row[1] == BandTexts[0] ? 76 : 12;
            Assert.Equal(1, cell.Ac * cell.DeaMinutes / (15.0 * quarterHours * cell.Qhm), 1e-12);
        }
    }

    private static Indicators At(string[] row) => Table[0, Array.IndexOf(BandTexts, row[1]), row[2] switch
    {
        "TOTAL_RADIO" => 0,
        "GROUP_S1_S2" => IndicatorTable.RowOfGroup(0),
        var station => Table.RowOfStation(ReferenceDiary.Stations.ToList().IndexOf(station)),
    }];

    private static void Close(string expected, double actual, double relative, string row)
    {
        var wanted = ReferenceDiary.Number(expected);
        Assert.True(Math.Abs(actual - wanted) <= relative * Math.Abs(wanted), $"{row}: expected {expected}, got {actual:R}");
    }
}
