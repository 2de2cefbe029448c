using System.Globalization;
using System.IO.Compression;
using Relais.Traffic.History;
using Relais.Traffic.Reports;

namespace Relais.Tests.Traffic;

/// <summary>Reports that took long and are kept.</summary>
public sealed class KeptAnswerTests : IDisposable
{
    private readonly TrafficFiles _files = new();

    [Fact]
    public async Task A_report_that_is_kept_is_given_again_until_a_file_of_its_days_comes_or_goes()
    {
        await _files.ImportAsync(await WriteAsync("one.csv", 10));
        var history = HistoryFolder.Open(_files.History);
        var (question, cancel) = (Quarters(history), TestContext.Current.CancellationToken);
        var made = ReportRun.Make(history, question, cancel);
        Assert.NotEmpty(made);

        // Quick ones are not worth a file.
        AssertSame(made, ReportRun.Of(history, question, TimeSpan.MaxValue, cancel));
        Assert.Empty(Answers());
        AssertSame(made, ReportRun.Of(history, question, TimeSpan.Zero, cancel));
        var kept = Assert.Single(Answers());
        AssertSame(made, ReportRun.Of(history, question, cancel));
        await using (var file = new GZipStream(File.Create(kept), CompressionMode.Compress))
            file.Write("[]"u8);
        Assert.Empty(ReportRun.Of(history, question, cancel));

        // One that cannot be read is made anew, and other files or another question are another answer.
        await File.WriteAllTextAsync(kept, "no answer", cancel);
        AssertSame(made, ReportRun.Of(history, question, cancel));
        await _files.ImportAsync(await WriteAsync("two.csv", 20));
        var more = ReportRun.Of(history, question, TimeSpan.Zero, cancel);
        Assert.Equal(30, more.Where(l => l.Measure == "CUME").Max(l => l.Value));
        Assert.NotEmpty(ReportRun.Of(history, question with { By = ["site"] }, TimeSpan.Zero, cancel));
        Assert.Equal(3, Answers().Length);

        // Nothing of it tells who listened, and it goes after a month.
        PurgeHistory.Run(history, new HistoryRetention(), DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(File.GetLastWriteTimeUtc(kept).Ticks - DateTime.UnixEpoch.Ticks) + TimeSpan.FromDays(32), cancel);
        Assert.Empty(Answers());
    }

    public void Dispose() => _files.Dispose();

    private string[] Answers() => Directory.Exists(Path.Combine(_files.History, "answers")) ? Directory.GetFiles(Path.Combine(_files.History, "answers")) : [];

    private Task<string> WriteAsync(string name, int listeners) => _files.WriteAsync(
        name,
        "listener,station,start_epoch,end_epoch\n" + string.Concat(Enumerable.Range(0, listeners).Select(l => string.Create(CultureInfo.InvariantCulture, $"{name}-{l},S,{1_768_500_000 + l},{1_768_503_600 + l}\n"))));

    private static ReportQuestion Quarters(HistoryFolder history)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(1_768_500_000);
        return new ReportQuestion(Bucket.Of(from, from.AddHours(2), "quarter", history.Zone)!, ["channel"], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), Definition.Pages);
    }

    private static void AssertSame(IReadOnlyList<ReportLine> some, IReadOnlyList<ReportLine> others) => Assert.Equal(some.Select(Text), others.Select(Text));

    private static string Text(ReportLine line) => string.Create(CultureInfo.InvariantCulture, $"{line.Bucket} {string.Join(',', line.Of)} {line.Measure} {line.Value:R}");
}
