using System.Globalization;

namespace Relais.Tests.Audience;

/// <summary>What <c>docs/indicators.md</c> tells a researcher to type.</summary>
public sealed class IndicatorsDocumentationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relais-documented-").FullName;

    [Fact]
    public async Task The_documented_table_is_made_by_what_the_page_says()
    {
        var said = await RunAsync(0);
        Assert.Contains("all,0500-2400,TOTAL_RADIO,1200,908,", said, StringComparison.Ordinal);
        Assert.Contains("all,0500-2400,GROUP_S1_S2,1200,433,", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_reach_of_radio_in_the_time_use_survey_is_what_the_page_says()
    {
        var lines = (await RunAsync(1)).Split('\n');
        Assert.Equal("1.709", Of("mean:listened,,", 100).ToString("0.000", CultureInfo.InvariantCulture));
        Assert.Equal("78.02", Of("ratio:minutes/listened,,", 1).ToString("0.00", CultureInfo.InvariantCulture));
        var page = Page();
        foreach (var level in new[] { "15-24", "25-34", "35-49", "50-64", "65+", "2003", "2016" })
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {Of($"mean:listened,{level},", 100):0.000} |"), page.Split('\n').First(line => line.StartsWith($"| {level} |", StringComparison.Ordinal)), StringComparison.Ordinal);

        double Of(string start, double scale) =>
            scale * double.Parse(lines.First(line => line.StartsWith(start, StringComparison.Ordinal)).Split(',')[2], CultureInfo.InvariantCulture);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Page() => File.ReadAllText(Path.Combine(RelaisApp.Repository(), "docs", "indicators.md"));

    // The block of commands, in a folder of this test's own, with the program that was built.
    private Task<string> RunAsync(int block)
    {
        var commands = Page().Split("```sh\n")[block + 1].Split("```")[0];
        var program = Path.Combine(AppContext.BaseDirectory, "relais.dll");
        return TestProgram.RunAsync("bash", "-c", $"set -eu; export TMPDIR='{_folder}'; cd '{RelaisApp.Repository()}'; relais() {{ dotnet '{program}' \"$@\"; }}\n{commands}");
    }
}
