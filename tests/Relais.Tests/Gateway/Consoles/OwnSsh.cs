using System.Diagnostics;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>A person's own ssh, with <c>relais connect</c> as its way to a host.</summary>
internal static class OwnSsh
{
    public const string Hostname = "serveur-essai";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Lets the computer in that shows this code.</summary>
    public static async Task AllowAsync(Relais.Tests.Browser browser, string code)
    {
        var page = await browser.GetAsync($"/connect?code={code}");
        Assert.Contains(code, page.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(page, "/connect/allow");
    }

    /// <summary>Starts OpenSSH's client with a configuration folder of its own, and <c>relais connect</c> as its ProxyCommand.</summary>
    public static Process Start(RelaisApp app, string home, Sshd sshd, string command)
    {
        var relais = Path.Combine(AppContext.BaseDirectory, "relais");
        var proxy = $"{relais} {string.Join(' ', ArgumentsOf(app, "%h"))}";
        var known = Path.Combine(home, "known_hosts");
        File.WriteAllText(known, $"{Hostname} {File.ReadAllText(sshd.HostKeyFile)}");
        var start = new ProcessStartInfo(
            "ssh",
            ["-F", "none", "-i", sshd.UserKeyFile, "-o", $"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes", "-o", $"ProxyCommand={proxy}", "-o", "BatchMode=yes",
                $"{Sshd.UserName}@{Hostname}", command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["XDG_CONFIG_HOME"] = home;
        return Process.Start(start)!;
    }

    /// <summary>Those of the ProxyCommand.</summary>
    public static string[] ArgumentsOf(RelaisApp app, string host) =>
        ["connect", "--server", $"https://localhost:{app.Address.Port}", "--ca", Path.Combine(app.DataFolder, "tls", "ca.crt"), host];

    /// <summary>Reads what it says until it shows the code of a pass.</summary>
    public static async Task<string> CodeAsync(Process ssh)
    {
        using var late = new CancellationTokenSource(Patience);
        var said = "";
        while (await ssh.StandardError.ReadLineAsync(late.Token) is { } line)
        {
            said += line + "\n";
            if (line.Contains("code: ", StringComparison.Ordinal))
                return line[(line.IndexOf("code: ", StringComparison.Ordinal) + 6)..];
        }

        throw new InvalidOperationException($"ssh ended: {said}");
    }

    /// <summary>What it wrote, once it ended well.</summary>
    public static async Task<string> EndAsync(Process ssh)
    {
        using var late = new CancellationTokenSource(Patience);
        var output = await ssh.StandardOutput.ReadToEndAsync(late.Token);
        await ssh.WaitForExitAsync(late.Token);
        Assert.True(ssh.ExitCode == 0, await ssh.StandardError.ReadToEndAsync(late.Token));
        return output;
    }
}
