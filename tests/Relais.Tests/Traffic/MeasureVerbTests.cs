using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Traffic;

namespace Relais.Tests.Traffic;

/// <summary><c>relais traffic measure</c>, against synthetic connections made for this project.</summary>
public sealed class MeasureVerbTests
{
    private static string Reference(string file) => Path.Combine(RelaisApp.Repository(), "tests", "Relais.Traffic.Measures.Tests", "Reference", file);

    [Fact]
    public async Task A_day_of_streams_prints_exactly_the_expected_measures()
    {
        var (code, said, error) = await MeasureAsync(Reference("connections.csv"));
        Assert.Equal((0, ""), (code, error));
        var lines = said.TrimEnd('\n').Split('\n');
        Assert.Equal("station,measure,value", lines[0]);
        foreach (var expected in (await File.ReadAllLinesAsync(Reference("expected_measures.csv"))).Skip(1))
        {
            var (name, value) = (expected[..expected.LastIndexOf(',')], double.Parse(expected.Split(',')[2], CultureInfo.InvariantCulture));
            Assert.Equal(value, double.Parse(Assert.Single(lines, l => l.StartsWith(name + ",", StringComparison.Ordinal)).Split(',')[2], CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    // One hour of listening on the last Sunday of March, which has 23 hours in Paris and 24 in UTC.
    [InlineData("Europe/Paris", 23)]
    [InlineData("UTC", 24)]
    public async Task Averages_are_over_the_whole_days_of_the_zone(string zone, int hours)
    {
        var noon = new DateTimeOffset(2026, 3, 29, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var (_, said, _) = await MeasureAsync(await FileAsync($"listener;station;start_epoch;end_epoch\na;S;{noon};{noon + 3600}\n"), "--zone", zone);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"S,AAS,{1.0 / hours:R}\n"), said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "nothing in it")]
    [InlineData("listener,station\n", 1, "no column start_epoch, end_epoch")]
    [InlineData("listener,station,start_epoch,end_epoch\n1,S,10,x\n", 2, "whole seconds")]
    [InlineData("listener,station,start_epoch,end_epoch\n1,S,1767274521000,1767275779000\n", 2, "not milliseconds")]
    [InlineData("listener,station,start_epoch,end_epoch\n1,S,10,9\n", 2, "before it begins")]
    [InlineData("listener,station,start_epoch,end_epoch\n,S,10,19\n", 2, "must not be empty")]
    public async Task A_file_that_cannot_be_used_is_refused_with_its_line(string text, int line, string why)
    {
        var (code, said, error) = await MeasureAsync(await FileAsync(text));
        Assert.Equal((1, ""), (code, said));
        Assert.Contains($"line {line}:", error, StringComparison.Ordinal);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_call_says_how_to_call_it()
    {
        var (code, _, error) = await MeasureAsync();
        Assert.Equal(2, code);
        Assert.Contains("usage: relais traffic measure", error, StringComparison.Ordinal);
        Assert.Contains("no zone Paris", (await MeasureAsync("x.csv", "--zone", "Paris")).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await MeasureAsync("/no/such/file.csv")).Code);
    }

    private static async Task<string> FileAsync(string text)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("relais-traffic-").FullName, "connections.csv");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private static async Task<(int Code, string Said, string Error)> MeasureAsync(params string[] arguments)
    {
        await using var said = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await TrafficModule.FileVerbs.Single(v => v.Name == "traffic measure").Run(new VerbCall(NoServices.Instance, arguments, said, error), TestContext.Current.CancellationToken);
        return (code, said.ToString(), error.ToString());
    }
}
