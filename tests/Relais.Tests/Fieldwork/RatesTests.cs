using System.Globalization;
using CsCheck;
using Relais.Fieldwork.Outcomes;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Fieldwork;

/// <summary><c>relais rates</c>, against exact fractions made for this project (no licence attached).</summary>
public sealed class RatesTests
{
    private static string Expected => Path.Combine(RelaisApp.Repository(), "tests", "Relais.Tests", "Fieldwork", "expected_rates.csv");

    [Fact]
    public async Task All_rates_are_exactly_those_expected()
    {
        var (code, said, error) = await RatesAsync(Expected);
        Assert.Equal((0, ""), (code, error));
        var expected = (await File.ReadAllLinesAsync(Expected)).Skip(1).Select(l => l.Split(',')).Select(p => $"{p[0]},{p[9]},{p[10]},{p[11]}");
        Assert.Equal(["case,rate,exact,value", .. expected], said.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_rate_whose_denominator_is_zero_is_not_defined()
    {
        var path = await FileAsync("I,P,R,NC,O,UH,UO,NE\n0,0,0,0,0,7,0,0\n");
        var (code, said, _) = await RatesAsync(path);
        Assert.Equal(0, code);
        Assert.Contains(",e,not defined,not defined\n", said, StringComparison.Ordinal);
        Assert.Contains(",RR1,0,0\n", said, StringComparison.Ordinal);
        Assert.Contains(",RR3,not defined,not defined\n", said, StringComparison.Ordinal);
        Assert.Contains(",RR5,not defined,not defined\n", said, StringComparison.Ordinal);
        Assert.Contains(",COOP1,not defined,not defined\n", said, StringComparison.Ordinal);
        Assert.All(OutcomeRates.Of(default), rate => Assert.Null(rate.Value));
    }

    [Fact]
    public async Task Outcomes_are_counted_by_group_by_AAPORs_codes_and_by_ours()
    {
        var path = await FileAsync("outcome;count\nI;2\n2.112;1\nno-answer;1\n4.313;3\n");
        var (code, said, error) = await RatesAsync(path);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(",RR1,1/2,0.5\n", said, StringComparison.Ordinal);
        Assert.Contains(",e,1/2,0.5\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "nothing in it")]
    [InlineData("a,b\n1,2\n", 1, "no column I")]
    [InlineData("I,P,R,NC,O,UH,UO,NE\n1,2,3,4,5,6,7,x\n", 2, "whole number")]
    [InlineData("I,P,R,NC,O,UH,UO,NE\n1,2,3,4,5,6,7,-1\n", 2, "whole number")]
    [InlineData("outcome\nno-such-thing\n", 2, "no outcome")]
    public async Task A_file_that_cannot_be_used_is_refused_with_its_line(string text, int line, string why)
    {
        var (code, said, error) = await RatesAsync(await FileAsync(text));
        Assert.Equal((1, ""), (code, said));
        Assert.Contains($"line {line}:", error, StringComparison.Ordinal);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_lie_between_zero_and_one_and_in_their_order() =>
        Gen.Long[0, 1000].Array[8].Sample(n =>
        {
            var rates = OutcomeRates.Of(new OutcomeCounts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7])).ToDictionary(r => r.Name, r => r.Value, StringComparer.Ordinal);
            Assert.All(rates.Values, v => Assert.True(v is null || (v.Value.Value >= 0 && v.Value.Value <= 1)));
            foreach (var (less, more) in new[] { ("RR1", "RR3"), ("RR3", "RR5"), ("RR1", "RR2"), ("COOP1", "COOP3"), ("REF1", "REF2"), ("CON2", "CON3") })
                Assert.True(rates[less] is null || rates[more] is null || rates[less]!.Value.Value <= rates[more]!.Value.Value + 1e-15);
        });

    [Fact]
    public void An_outcome_that_tells_more_is_not_hidden_by_one_that_tells_less()
    {
        var (busy, contact, refused) = (Outcome.Find("busy")!, Outcome.Find("not-available")!, Outcome.Find("refused-for-now")!);
        Assert.Equal(contact, busy.Over(contact));
        Assert.Equal(refused, busy.Over(refused));
        Assert.Equal(contact, contact.Over(busy));
        Assert.Equal(Outcome.QuotaFull, Outcome.QuotaFull.Over(refused));
        Assert.Equal(Outcome.All.Count, Outcome.All.Select(o => o.Id).Distinct().Count());
    }

    private static async Task<(int Code, string Out, string Error)> RatesAsync(string path)
    {
        await using var said = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await RatesVerb.Verb.Run(new VerbCall(NoServices.Instance, [path], said, error), CancellationToken.None);
        return (code, said.ToString().ReplaceLineEndings("\n"), error.ToString());
    }

    private static async Task<string> FileAsync(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"relais-rates-{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
