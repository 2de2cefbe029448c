using System.Globalization;
using Relais.Access.Bench;

// relais-access-bench arrivals|pages|show PROGRAM CONNECTION FOLDER [NUMBER]...; on an empty database, in the folder of the repository.
switch (args)
{
    case ["arrivals", var program, var connection, var folder, .. var more]:
        return await ArrivalsBench.RunAsync(program, connection, folder, Number(more, 0, 600), Number(more, 1, 300), Number(more, 2, 20));
    case ["pages", var program, var connection, var folder, .. var more]:
        return await PagesBench.RunAsync(program, connection, folder, Number(more, 0, 600));
    case ["show", var program, var connection, var folder, .. var more]:
        return await PagesBench.ShowAsync(program, connection, folder, Number(more, 0, 600));
    default:
        await Console.Error.WriteLineAsync("usage: ./relais bench access [arrivals [PEOPLE [SECONDS [TERMINALS]]] | pages [PEOPLE] | show [PEOPLE]]");
        return 2;
}

static int Number(string[] arguments, int place, int standard) =>
    place < arguments.Length && int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : standard;
