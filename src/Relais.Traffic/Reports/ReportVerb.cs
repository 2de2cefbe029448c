using System.Text.Json;
using Relais.Kernel.Verbs;
using Relais.Traffic.History;
using Relais.Traffic.Imports;

namespace Relais.Traffic.Reports;

/// <summary><c>relais traffic report</c>: figures from the history.</summary>
internal static class ReportVerb
{
    private const int BadInput = 1;
    private const int UsageError = 2;

    private const string Usage = """
        usage: relais traffic report --from 2026-01-15 --to 2026-01-16 [--each all|quarter|hour|day|week|month] [--by DIMENSION,...] [--DIMENSION VALUE]... [--json]
               relais traffic report --event 2026-01-15T20:00 [--minutes 60] [--days 7] [--by ...] [--json]
          --from, --to   a day or a moment, in the zone of the report; the end is not in it
          --each         split by the calendar
          --by           split by site, channel, path, device, player, region; pages have no channel, listening no path
          --DIMENSION    only this value; several times for several
          --event        the audience of some minutes from a moment on, and at the same time of each of the days before
          --definition   pages/1, or goaccess/1; in ClickHouse also cells/1: quick, different people estimated
          --history      var/traffic/history          --zone   the history's
          --clickhouse   the history in ClickHouse instead: 'Host=...;Database=...;Username=...;Password=...'; also as the variable RELAIS__Traffic__ClickHouse
        prints from,to,...,measure,value as CSV, or JSON; a value that cannot be told is empty
        exit code: 0 printed; 1 there is no such history, or it does not answer; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("traffic report", "audience figures from the history of traffic: relais traffic report --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is ["--help"] or ["help"])
        {
            await call.Out.WriteLineAsync(Usage);
            return 0;
        }

        var given = new List<(string Name, string Value)>();
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            if (call.Arguments[i] == "--json")
            {
                given.Add(("json", "1"));
            }
            else if (!call.Arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == call.Arguments.Count || !IsKnown(call.Arguments[i][2..]))
            {
                await call.Error.WriteLineAsync(Usage);
                return UsageError;
            }
            else
            {
                given.Add((call.Arguments[i][2..], call.Arguments[++i]));
            }
        }

        return await PrintAsync(call, given.ToLookup(g => g.Name, g => g.Value, StringComparer.Ordinal), cancel);
    }

    private static async Task<int> PrintAsync(VerbCall call, ILookup<string, string> given, CancellationToken cancel)
    {
        // Who names a folder asks the folder.
        if (MoveVerb.Connection(given["clickhouse"].LastOrDefault()) is { Length: > 0 } connection && (given["clickhouse"].Any() || !given["history"].Any()))
            return await PrintFromClickHouseAsync(call, given, connection, cancel);
        var path = given["history"].LastOrDefault() ?? ImportArguments.DefaultHistory;
        if (!HistoryFolder.Exists(path))
        {
            await call.Error.WriteLineAsync($"relais traffic report: there is no history in {path}; relais traffic import begins one.");
            return BadInput;
        }

        var history = HistoryFolder.Open(path);
        return await PrintAsync(call, given, ReportArguments.Parse(given, history.Zone), question => Task.FromResult(ReportRun.Of(history, question, cancel)));
    }

    private static async Task<int> PrintFromClickHouseAsync(VerbCall call, ILookup<string, string> given, string connection, CancellationToken cancel)
    {
        if (ClickHouseAddress.Problem(connection) is { } problem)
        {
            await call.Error.WriteLineAsync($"relais traffic report: the connection string of ClickHouse {problem}");
            return UsageError;
        }

        try
        {
            using var history = new ClickHouseHistory(connection, wanted: null, kept: null);
            if (!await history.ExistsAsync(cancel))
            {
                await call.Error.WriteLineAsync($"relais traffic report: there is no history in {history.Place}; a server with this setting begins one, and so does relais traffic move.");
                return BadInput;
            }

            await history.OpenAsync(cancel);
            return await PrintAsync(call, given, ReportArguments.Parse(given, history.Zone, Definition.OfClickHouse), question => ClickHouseReport.OfAsync(history, question, cancel));
        }
        catch (HistoryAwayException e)
        {
            await call.Error.WriteLineAsync($"relais traffic report: {e.Message}");
            return BadInput;
        }
    }

    private static async Task<int> PrintAsync(VerbCall call, ILookup<string, string> given, ReportArguments arguments, Func<ReportQuestion, Task<IReadOnlyList<ReportLine>>> ask)
    {
        switch (arguments)
        {
            case ReportArguments.Bad bad:
                await call.Error.WriteLineAsync($"relais traffic report: --{bad.Name}: {bad.Problem}");
                return UsageError;
            case ReportArguments.Good good:
                var lines = await ask(good.Question);
                if (!given["json"].Any())
                {
                    await ReportText.WriteCsvAsync(call.Out, good.Question, lines, good.Zone);
                    return 0;
                }

                using (var buffer = new MemoryStream())
                {
                    await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
                        ReportText.WriteJson(writer, good.Question, lines, good.Zone);
                    await call.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
                }

                return 0;
        }

        return UsageError;
    }

    private static bool IsKnown(string name) =>
        name is "from" or "to" or "each" or "by" or "event" or "minutes" or "days" or "definition" or "history" or "clickhouse" or "zone" || ReportQuestion.Dimensions.Contains(name, StringComparer.Ordinal);
}
