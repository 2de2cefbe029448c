using System.Globalization;
using Relais.Fieldwork.Bench;
using Relais.Traffic.Bench;

// relais-traffic-bench collector|surge PROGRAM CONNECTION FOLDER [SECONDS [ROUNDS]], on an empty database; aggregate [MILLIONS], memory, report FOLDER [MILLIONS].
// relais-traffic-bench serve MILLISECONDS: the server, with a disk so much slower, as a child of the surge.
switch (args)
{
    case ["serve", var slower]:
        await SlowServer.RunAsync(TimeSpan.FromMilliseconds(Number([slower], 0, 0)));
        return 0;
    case ["collector", var program, var connection, var folder, .. var more]:
        Machine.Say($"{Number(more, 1, 3)} rounds of {Number(more, 0, 5)} s each");
        return await CollectorBench.RunAsync(program, connection, folder, Number(more, 0, 5), Number(more, 1, 3));
    case ["surge", var program, var connection, var folder, .. var more]:
        Machine.Say("300 to 30,000 beacons a second within one second");
        return await SurgeBench.RunAsync(program, connection, folder, Number(more, 0, 10));
    case ["aggregate", .. var more]:
        Machine.Say("from the blocks of a log on disk to live figures, one thread");
        return AggregateBench.Run(Number(more, 0, 4) * 1_000_000);
    case ["memory"]:
        Machine.Say("live figures");
        return MemoryBench.Run();
    case ["report", var folder, .. var more]:
        Machine.Say("history in Parquet, DuckDB in the process");
        return ReportBench.Run(folder, Number(more, 0, 50) * 1_000_000);
    default:
        await Console.Error.WriteLineAsync("usage: ./relais bench traffic [collector [SECONDS [ROUNDS]] | aggregate [MILLIONS] | report [MILLIONS] | memory | surge [SECONDS]]");
        return 2;
}

static int Number(string[] arguments, int place, int standard) =>
    place < arguments.Length && int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : standard;
