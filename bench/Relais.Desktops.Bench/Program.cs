using System.Globalization;
using Relais.Desktops.Bench;

// relais-desktops-bench twenty|kill|cluster PROGRAM DATA LAUNCHER CONNECTION DESKTOPS: many desktops by a continuity plan.
if (args is [("twenty" or "kill" or "cluster") and var what, var program, var data, var launcher, var database, var count])
{
    await using var planned = new PlanRows(database);
    var installation = new Installation(program, data, launcher);
    if (what == "cluster")
        return await new ClusterBench(planned, installation, int.Parse(count, CultureInfo.InvariantCulture)).HandleAsync();
    var bench = new PlanBench(planned, installation, int.Parse(count, CultureInfo.InvariantCulture));
    if (what == "kill")
        return await bench.KillAsync();
    await bench.TwentyAsync();
    return 0;
}

// relais-desktops-bench ADDRESS CONNECTION USER PASSWORD [ROUNDS]: a running Relais, its database, and one of its people.
if (args is not [var address, var connection, var user, var password, .. var more])
{
    await Console.Error.WriteLineAsync("usage: relais-desktops-bench ADDRESS CONNECTION USER PASSWORD [ROUNDS]");
    return 2;
}

var rounds = more is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
await using var rows = new DesktopRows(connection, user);
await using var person = await PersonAtWork.SignInAsync(new Uri(address), user, password);

// The first opening makes the desktop, and is told apart.
var first = await person.OpenAsync();
var figures = new Figures();
for (var round = 0; round < rounds; round++)
{
    await person.LeaveAsync();
    await rows.BringToAsync("Stopped");
    figures.Add("cold: it was stopped", await person.OpenAsync());
    await person.LeaveAsync();
    await rows.BringToAsync("Frozen");
    figures.Add("it was frozen", await person.OpenAsync());
    await person.LeaveAsync();
    figures.Add("it was running", await person.OpenAsync());
    figures.AddKeys(await person.TypeAsync(20));
    await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
}

figures.Write(Console.Out, first, rounds);
return 0;
