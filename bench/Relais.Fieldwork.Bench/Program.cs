using System.Globalization;
using Relais.Fieldwork.Bench;

// relais-fieldwork-bench next CONNECTION [CASES] [INTERVIEWERS] [SECONDS], or board, steps or study PROGRAM CONNECTION FOLDER PID_FILE [NUMBER]; on an empty database.
switch (args)
{
    case ["next", var connection, .. var more]:
        await NextCaseBench.RunAsync(connection, Number(more, 0, 1_000_000), Number(more, 1, 500), Number(more, 2, 60));
        return 0;
    case ["board", var program, var connection, var folder, var pid, .. var more]:
        await BoardBench.RunAsync(program, connection, folder, pid, Number(more, 0, 60));
        return 0;
    case ["steps", var program, var connection, var folder, _, .. var more]:
        await StepsBench.RunAsync(program, connection, folder, Number(more, 0, 5));
        return 0;
    case ["study", var program, var connection, var folder, _, .. var more]:
        return await StudyBench.RunAsync(program, connection, folder, Number(more, 0, 330), Number(more, 1, 400));
    default:
        await Console.Error.WriteLineAsync("usage: ./relais bench fieldwork [CASES [INTERVIEWERS [SECONDS]] | board [SECONDS] | steps [INTERVIEWS] | study [SECONDS [INTERVIEWS]]]");
        return 2;
}

static int Number(string[] arguments, int place, int standard) =>
    place < arguments.Length && int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : standard;
