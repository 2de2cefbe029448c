using System.Globalization;
using Relais.Telephony.Bench;

// relais-telephony-bench load [CALLS [SECONDS]], load janus [CALLS [SECONDS]], impaired [SECONDS] or pacing [SEEDS]; relay and rooms are the processes that the loads start.
switch (args)
{
    case ["load", "janus", .. var more]:
        return await JanusLoadBench.RunAsync(Number(more, 0, 150), Number(more, 1, 30));
    case ["load", .. var more]:
        return await LoadBench.RunAsync(Number(more, 0, 150), Number(more, 1, 30));
    case ["relay", var sip, var room, var calls, var folder]:
        await RelayChild.RunAsync(Number([sip], 0, 0), Number([room], 0, 0), Number([calls], 0, 0), folder);
        return 0;
    case ["rooms", var sip, var janus, var secret, var direct, var calls, var folder]:
        await RoomsChild.RunAsync(Number([sip], 0, 0), Number([janus], 0, 0), secret, Number([direct], 0, 0), Number([calls], 0, 0), folder);
        return 0;
    case ["impaired", .. var more]:
        return await ImpairedBench.RunAsync(Number(more, 0, 15));
    case ["pacing", .. var more]:
        return PacingBench.Run(Number(more, 0, 20));
    default:
        await Console.Error.WriteLineAsync("usage: ./relais bench telephony [load [janus] [CALLS [SECONDS]] | impaired [SECONDS] | pacing [SEEDS]]");
        return 2;
}

static int Number(string[] arguments, int place, int standard) =>
    place < arguments.Length && int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : standard;
