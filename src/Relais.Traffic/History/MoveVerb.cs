using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Traffic.Imports;

namespace Relais.Traffic.History;

/// <summary><c>relais traffic move</c>: from files to ClickHouse.</summary>
internal static class MoveVerb
{
    private const int Failed = 1;
    private const int UsageError = 2;

    private const string Usage = """
        usage: relais traffic move --clickhouse 'Host=...;Database=...;Username=...;Password=...' [--history var/traffic/history]
          brings the files of a history into ClickHouse, and removes each when all its rows are there; it can be stopped and called again
          without --clickhouse: what the variable RELAIS__Traffic__ClickHouse says, which nobody reads in a list of processes
        exit code: 0 moved; 1 not all of it; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("traffic move", "brings the history of traffic from files into ClickHouse: relais traffic move --help", RunAsync) { Usage = Usage };

    /// <summary>What a call says of ClickHouse, or the setting that servers have too.</summary>
    public static string Connection(string? given) => given ?? Environment.GetEnvironmentVariable($"RELAIS__{TrafficOptions.Section}__{nameof(TrafficOptions.ClickHouse)}") ?? "";

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var (path, given) = (ImportArguments.DefaultHistory, (string?)null);
        for (var i = 0; i < call.Arguments.Count; i += 2)
        {
            switch (call.Arguments[i])
            {
                case "--history" when i + 1 < call.Arguments.Count: path = call.Arguments[i + 1]; break;
                case "--clickhouse" when i + 1 < call.Arguments.Count: given = call.Arguments[i + 1]; break;
                default:
                    await call.Error.WriteLineAsync(Usage);
                    return UsageError;
            }
        }

        var connection = Connection(given);
        if (connection.Length == 0 || ClickHouseAddress.Problem(connection) is not null)
        {
            await call.Error.WriteLineAsync(connection.Length == 0 ? Usage : $"relais traffic move: the connection string {ClickHouseAddress.Problem(connection)}");
            return UsageError;
        }

        if (!HistoryFolder.Exists(path))
        {
            await call.Error.WriteLineAsync($"relais traffic move: there is no history in {path}.");
            return Failed;
        }

        try
        {
            var folder = HistoryFolder.Open(path);
            using var history = new ClickHouseHistory(connection, folder.Zone, kept: null);
            using var move = new MoveHistory(folder, history);
            var (files, rows) = await move.RunAsync(call.Error.WriteLine, cancel);
            await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{files} files moved, {rows} rows"));
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync($"relais traffic move: {e.Message} What was moved is moved; call it again.");
            return Failed;
        }
    }
}
