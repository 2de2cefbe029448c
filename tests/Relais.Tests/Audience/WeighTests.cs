using System.Text;
using System.Text.Json;
using Relais.Tests.Structure;

namespace Relais.Tests.Audience;

/// <summary><c>relais weigh</c> and <c>relais estimate</c>, the real program on real files.</summary>
public sealed class WeighTests : IDisposable
{
    private const string Schools = "--sample apiclus1.csv --id id --weight pw --margins m.csv --out w.csv";
    private const string Design = "--cluster dnum --fpc fpc";
    private readonly FilesFolder _files = new();

    /// <summary>Case, method, margins.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "clus1.poststrat.stype", "poststratify", "stype" },
        { "clus1.rake.stype_schwide.eps1e-10", "rake", "stype,sch_wide" },
        { "clus1.rake.3margins.eps1e-10", "rake", "stype,sch_wide,awards" },
        { "clus1.cal.linear.stype", "linear", "stype" },
        { "clus1.cal.linear.stype_api99", "linear", "stype,api99" },
        { "clus1.cal.raking.stype_api99", "raking", "stype,api99" },
        { "clus1.cal.raking.stype_schwide", "raking", "stype,sch_wide" },
        { "clus1.cal.logit.stype_schwide.b0.5-2", "logit --bounds 0.5,2", "stype,sch_wide" },
        { "clus1.cal.stype_api99.trunclin.b0.4-1.9", "truncated --bounds 0.4,1.9", "stype,api99" },
        { "clus1.cal.stype_api99.logit.b0.4-1.9", "logit --bounds 0.4,1.9", "stype,api99" },
    };

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Weights_and_estimates_are_those_of_survey(string name, string method, string margins)
    {
        WithSchools(margins);
        await MustAsync($"weigh {Schools} --method {method} --report r.json");
        var (expected, lines) = (FilesFolder.Table("calibration/expected_weights.csv"), _files.Read("w.csv").TrimEnd('\n').Split('\n'));
        Assert.Equal("id,weight", lines[0]);
        Assert.Equal(expected["id"], lines.Skip(1).Select(l => l.Split(',')[0]));
        foreach (var (weight, line) in expected[name].Zip(lines.Skip(1)))
            AssertClose(FilesFolder.Number(weight), line.Split(',')[1], 1e-8);
        using var report = JsonDocument.Parse(_files.Read("r.json"));
        Assert.Equal("met", report.RootElement.GetProperty("status").GetString());

        var ended = await MustAsync(
            $"estimate --sample apiclus1.csv --id id --weights w.csv {Design} --weight pw --margins m.csv --method {method.Split(' ')[0]} --mean api00,enroll,awards=Yes --total api00,enroll --ratio api_stu/enroll --by stype");
        var rows = ended.Output.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')).ToDictionary(r => $"{r[0]}|{r[1]}", StringComparer.Ordinal);
        var figures = FilesFolder.Table("calibration/expected_estimates.csv");
        var compared = 0;
        foreach (var ((of, quantity), value) in figures["case"].Zip(figures["quantity"]).Zip(figures["value"]))
        {
            if (of != name || quantity.Split(':') is not [var kind, var variable])
                continue;
            var isError = kind.EndsWith("_se", StringComparison.Ordinal) || kind == "domain_se";
            var key = kind.StartsWith("domain", StringComparison.Ordinal) ? $"mean:{variable}" : $"{(isError ? kind[..^3] : kind).Replace("prop", "mean", StringComparison.Ordinal)}:{variable}|";
            AssertClose(FilesFolder.Number(value), rows[key][isError ? 3 : 2], isError ? 1e-7 : 1e-8);
            compared++;
        }

        Assert.Equal(18, compared);
    }

    [Theory]
    [InlineData("rake", "margins_cells.csv", "--method rake")]
    [InlineData("linear", "margins_total.csv", "--method linear")]
    [InlineData("raking", "margins_total.csv", "--method raking")]
    [InlineData("logit", "margins_total.csv", "--method logit --bounds 0.6,1.6")]
    [InlineData("truncated", "margins_total.csv", "--method truncated --bounds 0.88,1.32")]
    [InlineData("household_raking", "margins_total.csv", "--method raking --household h")]
    [InlineData("household_linear", "margins_total.csv", "--method linear --household h")]
    public async Task A_stratified_sample_of_households_with_unequal_weights_is_weighed_as_by_survey(string name, string margins, string method)
    {
        _files.Copy("stratified/sample.csv").Copy($"stratified/{margins}");
        var calibration = $"--sample sample.csv --id id --weight w0 --margins {margins}";
        await MustAsync($"weigh {calibration} {method} --out w.csv");
        var weights = _files.Read("w.csv").TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[1]);
        foreach (var (expected, weight) in FilesFolder.Table("stratified/expected_weights.csv")[name].Zip(weights))
            AssertClose(FilesFolder.Number(expected), weight, 1e-8);

        var households = name.StartsWith("household", StringComparison.Ordinal);
        var how = string.Join(' ', method.Split(' ').TakeWhile(o => o != "--bounds"));
        var ended = await MustAsync($"estimate {calibration} {how} --weights w.csv --strata st {(households ? "--cluster h" : "--cluster cl --fpc fp")} --mean u --total u --ratio u/v");
        var (errors, lines) = (FilesFolder.Table("stratified/expected_errors.csv"), ended.Output.TrimEnd('\n').Split('\n').Skip(1));
        var row = Array.IndexOf(errors["case"], name);
        Assert.Equal(3, lines.Count());
        foreach (var line in lines.Select(l => l.Split(',')))
            AssertClose(FilesFolder.Number(errors[line[0]][row]), line[3], 1e-7);
    }

    [Theory]
    [InlineData("logit")]
    [InlineData("truncated")]
    public async Task Bounds_too_tight_end_in_a_diagnosis_and_no_weights(string method)
    {
        WithSchools("stype,api99");
        var ended = await _files.RelaisAsync($"weigh {Schools} --method {method} --bounds 0.9,1.1 --report r.json");
        Assert.Equal(3, ended.Code);
        Assert.Equal(["apiclus1.csv", "m.csv", "r.json"], _files.Names.Order(StringComparer.Ordinal));
        Assert.Contains("stype=H: the total is 755; with ratios from 0.9 to 1.1 it comes to at most 521.243743", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Opening both bounds in proportion: to 0.4066 and 1.5934 at least", ended.Error, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(_files.Read("r.json"));
        var reason = report.RootElement.GetProperty("reasons")[0];
        Assert.Equal("out_of_reach", reason.GetProperty("kind").GetString());
        Assert.Equal("stype=H", reason.GetProperty("alone")[0].GetProperty("total").GetString());
        Assert.Equal(1.5933, reason.GetProperty("open_both").GetProperty("bounds")[1].GetDouble(), 1e-4);
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_whatever_the_separator()
    {
        WithSchools("stype,sch_wide");
        await MustAsync($"weigh {Schools} --method raking");
        var weights = _files.Read("w.csv");
        foreach (var (separator, encoding) in new[] { (',', (Encoding)new UTF8Encoding(true)), (';', new UTF8Encoding(false)), ('\t', new UTF8Encoding(true)) })
        {
            _files.Write("apiclus1.csv", _files.Read("apiclus1.csv").Replace(',', separator).Replace(';', separator), encoding);
            await MustAsync($"weigh {Schools} --method raking");
            Assert.Equal(weights, _files.Read("w.csv"));
        }
    }

    [Fact]
    public async Task Without_a_column_of_weights_in_a_file_the_design_weights_are_estimated_with()
    {
        _files.Copy("calibration/apiclus1.csv");
        var ended = await MustAsync($"estimate --sample apiclus1.csv --id id --weight pw {Design} --mean api00");
        Assert.Equal("644.16939890710", ended.Output.Split('\n')[1].Split(',')[2][..15]);
        AssertClose(23.542240693781039, ended.Output.Split('\n')[1].Split(',')[3], 1e-7);
    }

    [Fact]
    public async Task The_report_tells_how_far_off_the_sample_was()
    {
        WithSchools("stype,api99");
        await MustAsync($"weigh {Schools} {Design} --method linear --report r.json");
        using var report = JsonDocument.Parse(_files.Read("r.json"));
        var total = report.RootElement.GetProperty("totals")[0];
        Assert.Equal(("stype=E", 144, 4421), (total.GetProperty("total").GetString(), total.GetProperty("respondents").GetInt32(), total.GetProperty("target").GetInt32()));
        Assert.InRange(total.GetProperty("before_se").GetDouble(), 100, 5000);
        Assert.Equal(167.800117920464, report.RootElement.GetProperty("weights").GetProperty("effective_size").GetDouble(), 1e-6);
        Assert.Equal(183, report.RootElement.GetProperty("weights").GetProperty("histogram").EnumerateArray().Sum(b => b.GetProperty("respondents").GetInt32()));
    }

    [Fact]
    public async Task The_size_of_the_population_may_be_the_only_margin()
    {
        _files.Copy("calibration/apiclus1.csv").Write("m.csv", "variable,level,total\n(Intercept),,6194\n");
        await MustAsync($"weigh {Schools} --method raking");
        AssertClose(6194.0 / 183, _files.Read("w.csv").Split('\n')[1].Split(',')[1], 1e-12);
    }

    [Fact]
    public async Task Design_weights_that_only_count_the_sample_are_raised_to_the_population()
    {
        WithSchools("stype,api99");
        await MustAsync($"weigh {Schools} --method raking");
        var expected = _files.Read("w.csv");
        var lines = _files.Read("apiclus1.csv").TrimEnd('\n').Split('\n');
        var weight = Array.IndexOf(lines[0].Split(','), "pw");
        _files.Write("apiclus1.csv", string.Concat(lines.Select((l, i) => string.Join(',', l.Split(',').Select((v, at) => at == weight && i > 0 ? "1" : v)) + "\n")));
        await MustAsync($"weigh {Schools} --method raking");
        foreach (var (line, actual) in expected.Split('\n').Zip(_files.Read("w.csv").Split('\n')).Skip(1).Where(l => l.First.Length > 0))
            AssertClose(FilesFolder.Number(line.Split(',')[1]), actual.Split(',')[1], 1e-8);
    }

    [Fact]
    public async Task Passes_that_are_not_enough_end_with_code_3_and_how_far_it_was()
    {
        WithSchools("stype,sch_wide,awards");
        var ended = await _files.RelaisAsync($"weigh {Schools} --method rake --passes 2");
        Assert.Equal(3, ended.Code);
        Assert.Contains("After 2 passes ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("The totals can be met: allow more --passes", ended.Error, StringComparison.Ordinal);
        Assert.False(_files.Has("w.csv"));
    }

    [Fact]
    public async Task A_household_shares_a_weight()
    {
        _files.Write("s.csv", "id,home,w,sex\n1,a,10,F\n2,a,10,M\n3,b,10,F\n4,c,10,M\n5,c,10,M\n").Write("m.csv", "variable,level,total\nsex,F,28\nsex,M,34\n");
        await MustAsync("weigh --sample s.csv --id id --weight w --household home --margins m.csv --method raking --out w.csv");
        var weights = _files.Read("w.csv").Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => FilesFolder.Number(l.Split(',')[1])).ToArray();
        Assert.Equal((weights[0], weights[3]), (weights[1], weights[4]));
        Assert.Equal(28, weights[0] + weights[2], 1e-8);
    }

    [Fact]
    public async Task The_example_of_the_documentation_gives_what_it_says()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Sources.Root, "docs", "weighting.md"));
        var sample = Path.Combine(Sources.Root, "samples", "atus-2016");
        var calls = Block(text, "sh").Replace("\\\n ", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(c => string.Join(' ', c["./relais ".Length..].Replace("samples/atus-2016", sample, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToList();
        Assert.Equal(2, calls.Count);
        await MustAsync(calls[0]);
        var printed = (await MustAsync(calls[1])).Output.TrimEnd('\n').Split('\n');
        var expected = Block(text, "csv").TrimEnd('\n').Split('\n');
        Assert.Equal(expected.Select(l => string.Join(',', l.Split(',')[..2])), printed.Select(l => string.Join(',', l.Split(',')[..2])));
        foreach (var (line, actual) in expected.Zip(printed).Skip(1))
        {
            AssertClose(FilesFolder.Number(line.Split(',')[2]), actual.Split(',')[2], 1e-9);
            AssertClose(FilesFolder.Number(line.Split(',')[3]), actual.Split(',')[3], 1e-9);
        }

        using var report = JsonDocument.Parse(_files.Read("report.json"));
        Assert.Equal((8243, 1.27), (
            Math.Round(report.RootElement.GetProperty("weights").GetProperty("effective_size").GetDouble()),
            Math.Round(report.RootElement.GetProperty("weights").GetProperty("design_effect").GetDouble(), 2)));

        var refused = await _files.RelaisAsync(calls[0].Replace("0.3,3", "0.8,1.25", StringComparison.Ordinal));
        Assert.Equal(3, refused.Code);
        Assert.Contains("Opening both bounds in proportion: to 0.1335 and 2.0831 at least", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verbs_are_listed_with_the_others()
    {
        using var process = new FilesFolder();
        var ended = await process.RelaisAsync("help", ("RELAIS_CONFIG", ""));
        Assert.Equal(0, ended.Code);
        Assert.Contains("  weigh ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("  estimate ", ended.Output, StringComparison.Ordinal);
    }

    private async Task<FilesFolder.Ended> MustAsync(string arguments)
    {
        var ended = await _files.RelaisAsync(arguments);
        Assert.True(ended.Code == 0, ended.Error);
        return ended;
    }

    private void WithSchools(string margins)
    {
        var totals = FilesFolder.Table("calibration/api_population_totals.csv");
        var lines = totals["variable"].Zip(totals["level"], totals["total"]).Where(t => margins.Split(',').Contains(t.First, StringComparer.Ordinal)).Select(t => $"{t.First},{t.Second},{t.Third}\n");
        _files.Copy("calibration/apiclus1.csv").Write("m.csv", "variable,level,total\n" + string.Concat(lines));
    }

    private static string Block(string text, string language)
    {
        var from = text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return text[from..text.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private static void AssertClose(double expected, string actual, double tolerance) =>
        Assert.True(Math.Abs(FilesFolder.Number(actual) - expected) <= tolerance * Math.Abs(expected), FormattableString.Invariant($"{actual} instead of {expected:R}"));
}
