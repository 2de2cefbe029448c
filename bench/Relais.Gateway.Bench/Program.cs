using System.Globalization;
using Relais.Gateway.Bench;

// relais-gateway-bench [ROUNDS [PART OF A NAME]]: needs haproxy and websockify on the path (apt-get install haproxy websockify).
// relais-gateway-bench relay-tcp|relay-ws PORT TARGET: the relay as a child of the above.
if (args is [("relay-tcp" or "relay-ws") and var verb, var port, var behind])
{
    var (listen, to) = (int.Parse(port, CultureInfo.InvariantCulture), int.Parse(behind, CultureInfo.InvariantCulture));
    await (verb is "relay-tcp" ? RelayChild.TcpAsync(listen, to) : RelayChild.WebSocketAsync(listen, to));
    return;
}

const long TcpBytes = 1L << 30;
const long WebSocketBytes = 256L << 20;
const int Trips = 5000;
const int PacedTrips = 300;

var rounds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 3;
var folder = Directory.CreateTempSubdirectory("relais-bench-");
using var source = new Source();
var contenders = await Contenders.StartAsync(source.Port, folder.FullName);
try
{
    var only = args is [_, var filter] ? filter : "";
    foreach (var unwanted in contenders.Where(c => !c.Name.Contains(only, StringComparison.Ordinal)).ToList())
    {
        contenders.Remove(unwanted);
        unwanted.Dispose();
    }

    var results = contenders.Select(c => (Who: c, Rounds: new List<Measured>())).ToList();
    // The first turn warms up compilers and buffers, and is not counted. After it they alternate, so that a noisy minute hits all.
    foreach (var contender in contenders)
        await Load.MeasureAsync(contender, WebSocketBytes / 2, Trips, 20);
    for (var round = 0; round < rounds; round++)
    {
        foreach (var (who, measured) in results)
            measured.Add(await Load.MeasureAsync(who, who.IsWebSocket ? WebSocketBytes : TcpBytes, Trips, PacedTrips));
        await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
    }

    Report.Write(Console.Out, results, Report.Commit());
}
finally
{
    contenders.ForEach(contender => contender.Dispose());
    folder.Delete(recursive: true);
}
