using System.Globalization;
using Relais.Gateway.Bench;

// relais-gateway-bench [ROUNDS [PART OF A NAME]]: needs haproxy, nginx with its stream module, and websockify. No rounds: only crowds.
// relais-gateway-bench relay KIND PORT TARGET CERTIFICATE: the relay as a child of the above.
if (args is [RelayChild.Verb, .. var child])
{
    await RelayChild.RunAsync(child);
    return;
}

const long TcpBytes = 1L << 30;
const long WebSocketBytes = 256L << 20;
const int Trips = 5000;
const int PacedTrips = 300;

var rounds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 3;
var folder = Directory.CreateTempSubdirectory("relais-bench-");
// nginx gives up root for its worker, which reads nothing here but must pass.
File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
using var source = new Source();
var contenders = await new Contenders(source.Port, folder.FullName, await BenchCertificate.WriteAsync(folder.FullName)).StartAsync(args is [_, var only] ? only : "");
try
{
    if (rounds > 0)
        Report.Write(Console.Out, await TurnsAsync(), Report.Commit());

    var crowds = new List<(Contender Who, Crowd Crowd)>();
    // websockify makes a process of each connection, and breaks off when 100 come at once.
    string[] leftOut = ["splice", "websockify"];
    foreach (var contender in contenders.Where(c => !leftOut.Any(part => c.Name.Contains(part, StringComparison.Ordinal))))
    {
        // Plain TCP has no beginning to stop at.
        crowds.Add((contender, await Crowd.MeasureAsync(contender, halfOpen: contender.Kind != Kind.Tcp)));
        await Console.Error.WriteLineAsync($"crowd: {contender.Name}");
    }

    Report.Write(Console.Out, crowds);
}
finally
{
    contenders.ForEach(contender => contender.Dispose());
    folder.Delete(recursive: true);
}

async Task<List<(Contender Who, List<Measured> Rounds)>> TurnsAsync()
{
    var results = contenders.Select(c => (Who: c, Rounds: new List<Measured>())).ToList();
    // The first turn warms up compilers and buffers, and is not counted. After it they alternate, so that a noisy minute hits all.
    foreach (var contender in contenders)
        await Load.MeasureAsync(contender, WebSocketBytes / 2, Trips, 20);
    for (var round = 0; round < rounds; round++)
    {
        foreach (var (who, measured) in results)
            await TurnAsync(who, measured);
        await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
    }

    return [.. results.Where(r => r.Rounds.Count > 0)];
}

static async Task TurnAsync(Contender who, List<Measured> measured)
{
    try
    {
        measured.Add(await Load.MeasureAsync(who, who.Kind == Kind.Tcp ? TcpBytes : WebSocketBytes, Trips, PacedTrips));
    }
    catch (EndOfStreamException) when (who.Name == "websockify")
    {
        // It does so once in a while; its other rounds count.
        await Console.Error.WriteLineAsync("websockify broke off in the middle of a transfer");
    }
}
