using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Relais.Traffic.Bench;

/// <summary>What one turn of wrk told.</summary>
/// <param name="Requests">Answered, also with an error.</param>
internal sealed record Turn(long Requests, double PerSecond, double P50Ms, double P99Ms, long Refused, double CpuMicroseconds);

/// <summary>
/// Debian's wrk: as many keep-alive connections as are asked for, each with the next beacon once the one before is answered. A sender in C, because it shares the machine
/// with what it measures and must cost less than it.
/// </summary>
internal static partial class Wrk
{
    /// <summary>Bytes of a whole request.</summary>
    public const int RequestBytes = 300;

    public const int Connections = 512;

    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    // An id of its own for each beacon, of a listener among 200,000.
    private const string Script = """
        local thread = 0
        function setup(t) t:set("number", thread) thread = thread + 1 end
        function init(args)
          math.randomseed(tonumber(args[2]) + number * 7919)
          head = "GET /c?k=" .. args[1] .. "&e=beat&c=Radio%2012&l=web&r=FR-IDF&x=60000&w=30000&n="
          tail = " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: AGENT\r\n"
          local known = #head + 8 + 3 + 32 + #tail + 2
          local fill = 300 - known - #"X-Fill: \r\n"
          tail = tail .. "X-Fill: " .. string.rep("x", fill) .. "\r\n\r\n"
          first = string.format("%08x", math.random(0, 2147483647)) .. string.format("%08x", math.random(0, 2147483647))
          n = 0
        end
        function request()
          n = n + 1
          return head .. string.format("%08x", n % 200000 + 1) .. "&i=" .. first .. string.format("%016x", n) .. tail
        end
        """;

    /// <param name="seed">Another for each turn, so that no id comes twice.</param>
    /// <param name="process">The server, whose time of the processor is told.</param>
    public static async Task<Turn> RunAsync(Uri to, string key, int seconds, int seed, int process, string folder)
    {
        var script = Path.Combine(folder, "beacons.lua");
        await File.WriteAllTextAsync(script, Script.Replace("AGENT", Agent, StringComparison.Ordinal));
        var before = Fieldwork.Bench.Machine.CpuSeconds(process);
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t", "1", "-c", ServerUnderTest.Text(Connections), "-d", $"{ServerUnderTest.Text(seconds)}s", "--latency", "-s", script, to.ToString(), "--", key, ServerUnderTest.Text(seed)])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("wrk did not start");
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var took = Fieldwork.Bench.Machine.CpuSeconds(process) - before;
        var requests = (long)Find(Requests(), said, said);
        return new Turn(requests, Find(PerSecond(), said, said), Milliseconds(P50(), said), Milliseconds(P99(), said), (long)Find(Refused(), said, null), took * 1e6 / Math.Max(1, requests));
    }

    // Null where it may be missing: wrk speaks of errors only when there were some.
    private static double Find(Regex what, string said, string? needed) => what.Match(said) is { Success: true } found
        ? double.Parse(found.Groups["n"].Value, CultureInfo.InvariantCulture)
        : needed is null ? 0 : throw new InvalidOperationException($"wrk said: {needed}");

    private static double Milliseconds(Regex what, string said)
    {
        var found = what.Match(said);
        var number = Find(what, said, said);
        return found.Groups["unit"].Value switch { "us" => number / 1000, "s" => number * 1000, _ => number };
    }

    [GeneratedRegex(@"^\s*(?<n>\d+) requests in", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+(?<n>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"50%\s+(?<n>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex P50();

    [GeneratedRegex(@"99%\s+(?<n>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex P99();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refused();
}
