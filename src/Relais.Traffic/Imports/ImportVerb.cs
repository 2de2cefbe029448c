using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Imports;

/// <summary><c>relais traffic import FILE...</c>: logs of servers into the history.</summary>
internal static class ImportVerb
{
    private const int BadInput = 1;
    private const int UsageError = 2;
    private const int Interrupted = 130;
    private const int DefaultBatch = 200_000;

    private const string Usage = """
        usage: relais traffic import FILE... [--history var/traffic/history] [--site NAME] [--format combined|icecast|table|json] [--column FIELD=NAME]... [--zone Europe/Paris]
          FILE        a log of Apache or nginx (combined), of Icecast, or of a CDN (CSV, TSV, W3C extended, JSON lines); plain, .gz or .zst
          --site      whose log it is, where it does not say so itself: "site" if not told
          --format    how it is written, if its first line does not show it
          --column    which column is time, date, address, method, path, status, agent, host, region, seconds or end, if its name is not known
          --zone      whose days a new history has
          --batch N   lines between two points at which an interrupted import can go on (200000)
        An import that was interrupted goes on where it stopped when it is called again, and a log that has grown is read on: no line counts twice.
        exit code: 0 read; 1 a file cannot be used; 2 the call is wrong; 130 interrupted
        """;

    public static readonly Verb Verb = new("traffic import", "server logs into the history of traffic: relais traffic import --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is ["--help"] or ["help"])
        {
            await call.Out.WriteLineAsync(Usage);
            return 0;
        }

        if (ImportArguments.Parse(call.Arguments, DefaultBatch) is not { } arguments)
        {
            await call.Error.WriteLineAsync(Usage);
            return UsageError;
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(arguments.Zone, out _))
        {
            await call.Error.WriteLineAsync($"relais traffic import: there is no zone {arguments.Zone}; name one of the IANA, such as {HistoryFolder.DefaultZone}.");
            return UsageError;
        }

        try
        {
            var history = HistoryFolder.Open(arguments.History, arguments.Zone);
            using var alone = new FileStream(Path.Combine(history.Imports, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var code = 0;
            foreach (var file in arguments.Files)
                code = Math.Max(code, await ImportAsync(call, history, file, arguments.Order, cancel));
            return code;
        }
        catch (OperationCanceledException)
        {
            await call.Error.WriteLineAsync("relais traffic import: interrupted; call it again to go on.");
            return Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await call.Error.WriteLineAsync($"relais traffic import: {e.Message}");
            return BadInput;
        }
    }

    private static async Task<int> ImportAsync(VerbCall call, HistoryFolder history, string file, ImportOrder order, CancellationToken cancel)
    {
        try
        {
            void Tell(ImportState state, double part) =>
                call.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {state.Lines} lines, {part * 100:F0} %, {state.Faults.Values.Sum()} faults"));
            switch (ImportLog.Run(history, file, order, Tell, cancel))
            {
                case ImportResult.Refused refused:
                    await call.Error.WriteLineAsync($"relais traffic import: {file}: {refused.Problem}");
                    return BadInput;
                case ImportResult.Read read:
                    await PrintAsync(call.Out, file, read);
                    return 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException)
        {
            await call.Error.WriteLineAsync($"relais traffic import: {file}: {e.Message} What was read before is kept; call it again with the whole file to go on.");
        }

        return BadInput;
    }

    private static async Task PrintAsync(TextWriter to, string file, ImportResult.Read read)
    {
        var state = read.State;
        await to.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {state.Lines - read.From} lines read{(read.From > 0 ? $" after {read.From} of an earlier import" : "")}, {state.Lines} in all: {state.Requests} requests, {state.Listens} listens, {state.ByBots} of them by bots ({Bots.Rule}), {state.NoStream} no stream"));
        foreach (var (fault, count) in state.Faults.OrderByDescending(f => f.Value).ThenBy(f => f.Key))
        {
            var lines = string.Join(", ", state.Samples.Where(s => s.Fault == fault).Select(s => s.Line.ToString(CultureInfo.InvariantCulture)));
            await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {count} x {FaultWords.Of(fault)}: line {lines}{(count > state.Samples.Count(s => s.Fault == fault) ? ", ..." : "")}"));
        }

        if (state.TooOld > 0)
            await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {state.TooOld} rows are of days older than visitors are told apart, and were left out"));
        if (read.LeftHalf)
            await to.WriteLineAsync("  the last line has no end yet and is left for the next time");
    }
}
