using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Relais.Tests.Audience;

/// <summary><c>relais indicators</c> as a program of its own, over files.</summary>
public sealed class IndicatorsVerbTests : IDisposable
{
    private const string People = "id,sex,age,region,weight\n1,F,30,R1,10\n2,H,61,R1,20\n3,F,,R2,30\n4,H,44,R2,40\n";
    private const string Rows = "id,station,qh\n1,S1,4\n1,S10,4\n2,S2,5\n2,S1,75\n4,S2,0\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("relais-indicators-").FullName;

    private static string Reference => Path.Combine(RelaisApp.Repository(), "tests", "Relais.Audience.Numerics.Tests", "Reference", "radio");

    private string Out => In("indicators.csv");

    [Fact]
    public async Task The_reference_diary_gives_the_reference_indicators()
    {
        var groups = Write("groups.json", """{ "GROUP_S1_S2": ["S1", "S2"] }""");
        var targets = Write("targets.json", """{ "all": "all" }""");
        await RunAsync(0, ["--respondents", $"{Reference}/respondents.csv", "--listening", $"{Reference}/listening.csv", "--weight", "weight",
            "--strata", "region", "--universe", "55613000", "--bands", "0500-2400,0600-0900", "--targets", targets, "--groups", groups]);

        var (expected, actual) = (Table($"{Reference}/expected_indicators.csv"), Table(Out));
        Assert.Equal("target,band,station,n,n_listeners,universe,ac,ac_se,ac_pct,ac_pct_se,qhm,qhm_se,qhm_pct,qhm_pct_se,volume_quarter_hours,"
            + "dea_min,dea_min_se,pda_pct,pda_pct_se", string.Join(',', actual[0]));
        Assert.Equal(expected.Count, actual.Count);
        for (var row = 1; row < expected.Count; row++)
        {
            foreach (var (name, wanted) in expected[0].Zip(expected[row]).Where(cell => cell.First != "design"))
            {
                var found = actual[row][Array.IndexOf(actual[0], name)];
                if (name is "target" or "band" or "station" or "n" or "n_listeners")
                    Assert.Equal(wanted, found);
                else
                    Assert.Equal(Number(wanted), Number(found), Math.Abs(Number(wanted)) * (name.EndsWith("_se", StringComparison.Ordinal) ? 1e-7 : 1e-9));
            }
        }
    }

    [Fact]
    public async Task Rows_in_another_order_and_a_compressed_file_give_the_same_bytes()
    {
        var (first, respondents) = (In("first.csv"), $"{Reference}/respondents.csv");
        await RunAsync(0, ["--respondents", respondents, "--listening", $"{Reference}/listening.csv", "--weight", "weight", "--bands", "0500-2400"]);
        File.Move(Out, first);
        var lines = await File.ReadAllLinesAsync($"{Reference}/listening.csv");
        await using (var packed = new GZipStream(File.Create(In("l.csv.gz")), CompressionMode.Compress))
            await packed.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. lines.Skip(1).Reverse(), lines[1]])));
        await RunAsync(0, ["--respondents", respondents, "--listening", In("l.csv.gz"), "--weight", "weight", "--bands", "0500-2400"]);
        Assert.Equal(await File.ReadAllBytesAsync(first), await File.ReadAllBytesAsync(Out));
    }

    [Fact]
    public async Task Without_targets_and_groups_everybody_is_counted_once_for_each_station_in_natural_order()
    {
        await RunAsync(0, [.. Files(People, Rows), "--bands", "0500-2400"]);
        var table = Table(Out);
        Assert.Equal(["TOTAL_RADIO", "S1", "S2", "S10"], table.Skip(1).Select(row => row[2]));
        Assert.Equal(["all", "0500-2400", "TOTAL_RADIO", "4", "3", "4", "3"], table[1][..7]);
    }

    [Fact]
    public async Task Targets_may_be_expressions_or_variables_with_their_answers()
    {
        var targets = Write("t.json", """
            [
              { "name": "young women", "where": "sex = 'F' and age < 35" },
              { "name": "R1", "where": { "region": "R1" } },
              { "name": "some", "where": { "sex": ["F", "H"], "age": [30, 44] } }, // and a comment
            ]
            """);
        var groups = Write("g.json", """{ "stations": ["S10", "S2", "S1", "S7"], "groups": { "both": ["S1", "S7"] } }""");
        await RunAsync(0, [.. Files(People, Rows), "--weight", "weight", "--bands", "0500-2400", "--targets", targets, "--groups", groups]);
        var totals = Table(Out).Where(row => row[2] == "TOTAL_RADIO").ToList();
        Assert.Equal(["young women:1:10", "R1:2:30", "some:2:50"], totals.Select(row => $"{row[0]}:{row[3]}:{row[5]}"));
        var unheard = Table(Out).First(row => row[2] == "S7");
        Assert.Equal(("0", "0", "", ""), (unheard[4], unheard[6], unheard[15], unheard[16]));
    }

    [Fact]
    public async Task A_row_of_too_few_is_withheld_with_the_reason_and_no_figure()
    {
        await RunAsync(0, [.. Files(People, Rows), "--bands", "0500-2400", "--min-listeners", "2"]);
        var table = Table(Out);
        Assert.Equal("withheld", table[0][^1]);
        Assert.Equal(("3", ""), (table[1][4], table[1][^1]));
        Assert.Equal(("S10", "fewer than 2 listeners"), (table[4][2], table[4][^1]));
        Assert.All(table[4][4..^1], figure => Assert.Equal("", figure));
    }

    [Fact]
    public async Task Weights_that_were_calibrated_have_the_errors_of_R_surveys_calibrate_and_intervals()
    {
        var weights = Table($"{Reference}/calibrated_weights.csv");
        var respondents = File.ReadLines($"{Reference}/respondents.csv").Zip(weights, (line, weight) => $"{line},{weight[1]}");
        await RunAsync(0, ["--respondents", Write("r.csv", string.Join('\n', respondents)), "--listening", $"{Reference}/listening.csv", "--weight", "linear",
            "--strata", "region", "--bands", "0500-2400", "--margins", $"{Reference}/margins.csv", "--level", "0.95"]);
        var wanted = Table($"{Reference}/expected_designs.csv").First(row => row[..4] is ["linear", "all", "0500-2400", "S4"]);
        var found = Table(Out).First(row => row[2] == "S4");
        Assert.Equal(Number(wanted[7]), Number(found[9]), Number(wanted[7]) * 1e-7);
        Assert.Equal("ac_pct_low", Table(Out)[0][19]);
        Assert.InRange(Number(found[8]), Number(found[19]), Number(found[20]));
    }

    [Theory]
    [InlineData("l", "id,station,qh\n1,S1,4\n1,S1,76\n", "l.csv, line 3, column qh: the quarter hour 76 is outside the day. The day has 0 to 75, from 0500 to 2400")]
    [InlineData("l", "id,station,qh\n1,S1,4\n1,S1,-1\n", "line 3, column qh: the quarter hour -1 is outside the day")]
    [InlineData("l", "id,station,qh\n1,S1,six\n", "line 2, column qh: \"six\" is not the number of a quarter hour")]
    [InlineData("l", "id,station,qh\n1,S1,4\n9,S1,4\n", "line 3, column id: there is no respondent 9")]
    [InlineData("l", "id,station,qh\n1,,4\n", "line 2, column station: the value is missing")]
    [InlineData("l", "id,channel,qh\n1,S1,4\n", "l.csv, line 1, column station: there is no such column")]
    [InlineData("r", "id,weight\n1,10\n2,20\n1,30\n", "r.csv, line 4, column id: the id 1 is there already, on line 2")]
    [InlineData("r", "id,weight\n1,10\n2,-20\n", "r.csv, line 3, column weight: the weight is negative")]
    [InlineData("r", "id,weight\n1,10\n2,\n", "r.csv, line 3, column weight: the value is missing")]
    [InlineData("r", "id;weight\n1;10,5\n", "r.csv, line 2, column weight: \"10,5\" is not a number. If the comma is a decimal comma, add --decimal comma")]
    [InlineData("r", "id,weight\n", "there is no respondent in it")]
    [InlineData("g", "{\n\"A\": [\"S1\"],\n\"B\": [\"S1\", \"S3\"] }", "g.json, line 3: the group B has the station S3, which is not there. Stations are: S1, S2, S10")]
    [InlineData("g", "{ \"stations\": [\"S1\", \"S2\"], \"groups\": {} }", "l.csv, line 3, column station: the station S10 is not in the list of stations")]
    [InlineData("g", "{ \"A\": \"S1\" }", "g.json, line 1: A is not a list of stations")]
    [InlineData("g", "{ \"A\": [\"S1\" ", "g.json, line 1, column")]
    [InlineData("t", "{\n\"women\": \"sex = 'W'\" }", "t.json, line 2: target women, at character 7: nobody answered 'W' to sex; answers are 'F', 'H'")]
    [InlineData("t", "{ \"x\": \"gender = 'F'\" }", "target x, at character 1: respondents have no column gender.")]
    [InlineData("t", "{ \"x\": \"sex = 'F' and\" }", "target x, at character 14: the expression ends where")]
    [InlineData("t", "{ \"x\": \"all\", \"x\": \"all\" }", "the target x is there twice")]
    [InlineData("t", "[]", "there are no targets here")]
    public async Task A_file_that_cannot_be_used_is_named_with_the_place_and_what_to_do(string file, string text, string expected)
    {
        var said = await RunAsync(1, [.. Files(file == "r" ? text : People, file == "l" ? text : Rows), "--weight", "weight", "--bands", "0500-2400",
            .. file == "t" ? ["--targets", Write("t.json", text)] : Array.Empty<string>(), .. file == "g" ? ["--groups", Write("g.json", text)] : Array.Empty<string>()]);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public async Task A_stratum_of_one_respondent_and_a_wrong_encoding_are_named()
    {
        var lone = await RunAsync(1, [.. Files("id,region,weight\n1,R1,1\n2,R2,1\n3,R1,1\n", Rows), "--strata", "region", "--bands", "0500-2400"]);
        Assert.Contains("r.csv, line 3, column region: the stratum R2 has this one respondent", lone, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(In("r.csv"), [.. "id,région\n1,Bourgogne\n2,Île-de-France\n".Select(c => (byte)c)]);
        var encoding = await RunAsync(1, ["--respondents", In("r.csv"), "--listening", In("l.csv"), "--bands", "0500-2400"]);
        Assert.Contains("r.csv, line 1", encoding, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", encoding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_have_the_errors_of_relais_estimate_and_a_stratum_of_one_is_refused()
    {
        var lines = await File.ReadAllLinesAsync($"{Reference}/respondents.csv");
        var heard = File.ReadLines($"{Reference}/listening.csv").Skip(1).Select(row => row.Split(',')).Where(row => row[1] == "S3").Select(row => row[0]).ToHashSet(StringComparer.Ordinal);
        var sample = string.Join('\n', lines.Select((line, i) => i == 0 ? $"{line},cluster,s3" : $"{line},c{i / 3 % 40},{(heard.Contains(line.Split(',')[0]) ? 1 : 0)}"));
        string[] files = ["--respondents", Write("r.csv", sample), "--listening", $"{Reference}/listening.csv", "--weight", "weight", "--bands", "0500-2400"];
        await RunAsync(0, [.. files, "--strata", "region"]);
        var without = Table(Out).First(row => row[2] == "S3");
        await RunAsync(0, [.. files, "--strata", "region", "--cluster", "cluster"]);
        var with = Table(Out).First(row => row[2] == "S3");

        await using var estimate = TestProgram.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "relais.dll"), "estimate", "--sample", In("r.csv"), "--id", "id", "--weight", "weight",
            "--strata", "region", "--cluster", "cluster", "--total", "s3", "--mean", "s3"]);
        Assert.Equal(0, await estimate.EndsAsync());
        var wanted = estimate.Said.Split('\n').Where(line => line.Contains(":s3,", StringComparison.Ordinal)).ToDictionary(line => line.Split(':')[0], line => line.Trim().Split(','), StringComparer.Ordinal);
        Assert.Equal(Number(wanted["total"][3]), Number(with[7]), 1e-9 * Number(with[7]));
        Assert.Equal(100 * Number(wanted["mean"][3]), Number(with[9]), 1e-9 * Number(with[9]));
        Assert.Equal(Number(without[6]), Number(with[6]), 1e-9 * Number(with[6]));
        Assert.NotInRange(Number(without[7]) / Number(with[7]), 0.9999, 1.0001);

        var lone = await RunAsync(1, [.. Files("id,region,home\n1,R1,a\n2,R1,b\n3,R2,c\n4,R2,c\n", Rows), "--strata", "region", "--cluster", "home", "--bands", "0500-2400"]);
        Assert.Contains("r.csv, line 4, column region: the stratum R2 has one cluster only", lone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weight_before_calibration_says_nothing_without_margins()
    {
        var said = await RunAsync(2, [.. Files(People, Rows), "--bands", "0500-2400", "--design-weight", "weight"]);
        Assert.Contains("--design-weight says what the weights were before calibration, and needs --margins too", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0600-0900,0910-1000", "'0910-1000' is not an interval: write it as 0600-0900")]
    [InlineData("0400-0600", "'0400-0600' lies outside the broadcast day, 0500-2400")]
    [InlineData("0600-0900,0600-0900", "--bands names 0600-0900 twice")]
    public async Task A_band_that_is_no_part_of_the_day_is_a_wrong_call(string bands, string expected)
    {
        var said = await RunAsync(2, [.. Files(People, Rows), "--bands", bands]);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string[]> Table(string path) => [.. File.ReadLines(path).Select(line => line.Split(','))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string In(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    private string[] Files(string respondents, string listening) => ["--respondents", Write("r.csv", respondents), "--listening", Write("l.csv", listening)];

    private async Task<string> RunAsync(int exitCode, string[] arguments)
    {
        await using var program = TestProgram.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "relais.dll"), "indicators", .. arguments, "--out", Out]);
        var code = await program.EndsAsync();
        Assert.True(code == exitCode, $"exit code {code}: {program.Said}");
        return program.Said;
    }
}
