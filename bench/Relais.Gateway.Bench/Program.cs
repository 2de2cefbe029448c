using System.Globalization;
using Relais.Gateway.Bench;

// relais-gateway-bench [ROUNDS [PART OF A NAME]]: needs haproxy, nginx with its stream module, and websockify.
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
    var results = contenders.Select(c => (Who: c, Rounds: new List<Measured>())).ToList();
    // The first turn warms up compilers and buffers, and is not counted. After it they alternate, so that a noisy minute hits all.
    foreach (var contender in contenders)
        await Load.MeasureAsync(contender, WebSocketBytes / 2, Trips, 20);
    for (var round = 0; round < rounds; round++)
    {
        foreach (var (who, measured) in results)
            measured.Add(await Load.MeasureAsync(who, who.Kind == Kind.Tcp ? TcpBytes : WebSocketBytes, Trips, PacedTrips));
        await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
    }

    Report.Write(Console.Out, results, Report.Commit());

    var crowds = new List<(Contender Who, Crowd Crowd)>();
    foreach (var contender in contenders.Where(c => !c.Name.Contains("defaults", StringComparison.Ordinal) && !c.Name.Contains("splice", StringComparison.Ordinal)))
    {
        // Plain TCP has no beginning to stop at, and websockify would make 10,000 processes of them.
        var halfOpen = contender.Kind != Kind.Tcp && !contender.Name.StartsWith("websockify", StringComparison.Ordinal);
        crowds.Add((contender, await Crowd.MeasureAsync(contender, halfOpen)));
        await Console.Error.WriteLineAsync($"crowd: {contender.Name}");
    }

    Report.Write(Console.Out, crowds);
}
finally
{
    contenders.ForEach(contender => contender.Dispose());
    folder.Delete(recursive: true);
}
