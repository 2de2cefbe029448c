using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Telephony.Pacing.Simulation;

namespace Relais.Tests.Telephony.Pacing;

public sealed class SimulateVerbTests
{
    [Fact]
    public async Task The_verb_prints_a_line_a_mode_and_the_same_twice()
    {
        string[] asked = ["--interviewers", "5", "--hours", "1", "--seeds", "2"];
        var (code, text, _) = await RunAsync(asked);
        Assert.Equal(0, code);
        Assert.Equal(["mode", "preview", "progressive", "predictive"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
        Assert.Equal(text, (await RunAsync(asked)).Out);
        Assert.Equal(2, (await RunAsync([.. asked, "--mode", "progressive"])).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("--mode", "fast")]
    [InlineData("--answer", "120")]
    [InlineData("--ring", "10")]
    [InlineData("--speed", "3")]
    [InlineData("--limit", "three")]
    [InlineData("--limit")]
    public async Task What_cannot_be_simulated_is_answered_with_the_usage(params string[] words)
    {
        var (code, _, error) = await RunAsync(words);
        Assert.Equal(2, code);
        Assert.StartsWith("usage: relais telephony simulate", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(string[] words)
    {
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await SimulateVerb.Verb.Run(new VerbCall(NoServices.Instance, words, written, error), CancellationToken.None);
        return (code, written.ToString(), error.ToString());
    }
}
