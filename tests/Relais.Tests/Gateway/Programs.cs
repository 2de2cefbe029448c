using System.Diagnostics;

namespace Relais.Tests.Gateway;

/// <summary>Programs that nobody here wrote, as tests run them.</summary>
internal static class Programs
{
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        // So that ./relais test finds and ends what a killed run left.
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_DATA") is { } owner)
            start.Environment["RELAIS_TEST_OWNER"] = owner;
        return start;
    }

    public static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Keeps what a program says, to show when a test fails.</summary>
    public static List<string> Listen(Process process, bool output)
    {
        var said = new List<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (said)
                said.Add(line.Data ?? "");
        }

        process.ErrorDataReceived += Keep;
        process.BeginErrorReadLine();
        if (output)
        {
            process.OutputDataReceived += Keep;
            process.BeginOutputReadLine();
        }

        return said;
    }
}
