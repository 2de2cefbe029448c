using System.Globalization;

namespace Relais.Traffic.Bench;

/// <summary>A step of a hundredfold within one second, on the disk as it is and on one that takes 300 ms for each sync: what is accepted, refused and lost.</summary>
internal static class SurgeBench
{
    private const string Step = "300:30000";

    // On a slow disk each beacon holds its connection for half a second.
    private static readonly (int SlowerMs, int Connections)[] Disks = [(0, 2048), (300, 12_000)];

    public static async Task<int> RunAsync(string program, string connection, string folder, int seconds)
    {
        var own = Environment.ProcessPath ?? throw new InvalidOperationException("No process path.");
        var (rows, lost) = (new List<string>(), 0L);
        foreach (var (slower, connections) in Disks)
        {
            using var server = new ServerUnderTest(program, connection, Path.Combine(folder, ServerUnderTest.Text(slower)));
            // Run by dotnet, this program is its first argument.
            string[] first = Path.GetFileNameWithoutExtension(own) == "dotnet" ? [own, typeof(SurgeBench).Assembly.Location] : [own];
            await server.StartAsync([.. first, "serve", ServerUnderTest.Text(slower)]);
            var said = await server.ReplayAsync(Step, seconds, connections);
            long Count(string what) => long.Parse(said[what], CultureInfo.InvariantCulture);
            lost += Count("lost");
            var refused = Count("refused");
            rows.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(slower == 0 ? "as it is" : $"{slower} ms slower each sync")} | {Count("accepted")} | {refused} ({100.0 * refused / (Count("accepted") + refused):0} %) | {Count("unanswered")} | {Count("lost")} | {said["latency_ms"]} | {said["lag_ms"]} | {server.PeakMiB():0} |"));
            await server.StopAsync();
        }

        Console.WriteLine("| disk | accepted | refused: 503, Retry-After | unanswered | lost | ms from when it was due to its 204 | lag of the live figure, ms | MiB |\n|---|---|---|---|---|---|---|---|");
        rows.ForEach(Console.WriteLine);
        Console.WriteLine($"\nlost in all: {ServerUnderTest.Text(lost)} (aim 0); the sender opens its connections as it needs them, on the same cores");
        return lost == 0 ? 0 : 1;
    }
}
