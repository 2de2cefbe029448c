using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Traffic.Imports;

namespace Relais.Traffic.History;

/// <summary><c>relais traffic purge</c>: for a history that no server looks after.</summary>
internal static class PurgeVerb
{
    private const string Usage = """
        usage: relais traffic purge [--history var/traffic/history]
          days older than 13 months lose what tells a visitor of one day from one of another; days older than 25 months are removed
        """;

    public static readonly Verb Verb = new("traffic purge", "keeps the history of traffic within its times: relais traffic purge --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var path = call.Arguments switch
        {
            [] => ImportArguments.DefaultHistory,
            ["--history", var named] => named,
            _ => null,
        };
        if (path is null || !HistoryFolder.Exists(path))
        {
            await call.Error.WriteLineAsync(path is null ? Usage : $"relais traffic purge: there is no history in {path}.");
            return path is null ? 2 : 1;
        }

        var done = PurgeHistory.Run(HistoryFolder.Open(path), new HistoryRetention(), TimeProvider.System.GetUtcNow(), cancel);
        await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Unlinked} days unlinked, {done.Removed} days removed{(done.NewSecret ? ", new secret" : "")}"));
        return 0;
    }
}
