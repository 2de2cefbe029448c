using System.Diagnostics;
using System.Globalization;

namespace Relais.Telephony.Bench;

/// <summary>What a process takes of the machine, from its making on.</summary>
internal sealed class Taken(string name, Process process)
{
    private readonly TimeSpan _cpu = Cpu(process);
    private readonly long _begun = TimeProvider.System.GetTimestamp();

    /// <summary>Of one core, 1 for all of it; and memory in MiB.</summary>
    public (string Name, double Cores, double MiB) Measured()
    {
        var cores = (Cpu(process) - _cpu) / TimeProvider.System.GetElapsedTime(_begun);
        return (name, cores, process.WorkingSet64 / 1048576.0);
    }

    public static void Say(IEnumerable<(string Name, double Cores, double MiB)> all)
    {
        Console.WriteLine("| process | % of a core | MiB |\n|---|---|---|");
        foreach (var (name, cores, memory) in all)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {100 * cores:0} | {memory:0} |"));
    }

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
