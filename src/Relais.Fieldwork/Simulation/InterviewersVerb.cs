using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Relais.Kernel;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Simulation;

/// <summary>
/// <c>relais interviewers URL --people FILE [--speed N] [--seconds N] [--ca FILE] [--breaks P] [--abandons P] [--seed N] [--journal FILE] [--since T --from T]</c>: interviewers who
/// work at a server as people do, for demonstration, training and load. FILE has a line "name,password" each, or is the demo's own file of passwords
/// (var/demo-passwords.json), of which those called enqueteur… work. With --since and --from, and the same --speed, their clock is that of a server
/// whose Relais:Clock says the same.
/// </summary>
internal static class InterviewersVerb
{
    public static readonly Verb Verb = new("interviewers", "simulated interviewers at work on a server, for demonstration and load", RunAsync) { Usage = Usage };

    private const string Usage =
        "usage: relais interviewers URL --people FILE [--speed N] [--seconds N] [--ca FILE] [--breaks PERCENT] [--abandons PERCENT] [--seed N] [--journal FILE] [--since T --from T]";

    private const int UsageError = 2;

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (Options.Parse(call.Arguments) is not { } options)
        {
            await call.Error.WriteLineAsync(Usage);
            return UsageError;
        }

        var people = await PeopleAsync(options.People, cancel);
        await using var journal = options.Journal is null ? null : new StreamWriter(options.Journal);
        var tally = new SimulationTally(journal);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.Seconds > 0)
            end.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        var work = people.Select((person, i) => WorkAsync(options, person.Name, person.Password, i, tally, end.Token)).ToList();
        try
        {
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Their time is over.
        }
        catch (InvalidOperationException e)
        {
            await end.CancelAsync();
            await call.Error.WriteLineAsync($"relais: {e.Message}");
            return 1;
        }

        await call.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{people.Count} interviewers, {tally.Completed} interviews completed, {tally.Answers} answers acknowledged"));
        foreach (var line in tally.Lines())
            await call.Out.WriteLineAsync(line);
        return 0;
    }

    private static async Task<List<(string Name, string Password)>> PeopleAsync(string file, CancellationToken cancel)
    {
        var text = await File.ReadAllTextAsync(file, cancel);
        if (!text.StartsWith('{'))
            return [.. text.Split('\n').Select(l => l.Split(',', 2)).Where(l => l.Length == 2).Select(l => (l[0].Trim(), l[1].Trim()))];
        var passwords = JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [];
        return [.. passwords.Where(p => p.Key.StartsWith("enqueteur", StringComparison.Ordinal)).Select(p => (p.Key, p.Value))];
    }

    private static async Task WorkAsync(Options options, string name, string password, int place, SimulationTally tally, CancellationToken cancel)
    {
        using var client = new InterviewerClient(options.Server, Handler(options.Authority), name, password, options.Clock);
        await new SimulatedInterviewer(client, options.Plan with { Seed = options.Plan.Seed + place }, tally, options.Clock).WorkAsync(cancel);
    }

    internal static SocketsHttpHandler Handler(string? authority)
    {
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        if (authority is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.ImportFromPemFile(authority);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        return handler;
    }

    private sealed record Options(Uri Server, string People, string? Authority, double Seconds, string? Journal, TimeProvider Clock, SimulationPlan Plan)
    {
        public static Options? Parse(IReadOnlyList<string> arguments)
        {
            if (arguments.Count % 2 == 0 || !Uri.TryCreate(arguments[0], UriKind.Absolute, out var server))
                return null;
            var named = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 1; i < arguments.Count; i += 2)
                named[arguments[i]] = arguments[i + 1];
            if (!named.TryGetValue("--people", out var people)
                || !Number(named, "--speed", 1, 0.1, 1000, out var speed) || !Number(named, "--seconds", 0, 0, 86_400, out var seconds)
                || !Number(named, "--breaks", 0, 0, 100, out var breaks) || !Number(named, "--abandons", 0, 0, 100, out var abandons) || !Number(named, "--seed", 1, 0, 1e9, out var seed))
                return null;
            TimeProvider clock = TimeProvider.System;
            if (named.TryGetValue("--since", out var since) | named.TryGetValue("--from", out var from))
            {
                if (FastClock.Moment(since) is not { } real || FastClock.Moment(from) is not { } shown)
                    return null;
                clock = new FastClock(real, shown, speed);
            }

            return new Options(server, people, named.GetValueOrDefault("--ca"), seconds, named.GetValueOrDefault("--journal"), clock, new SimulationPlan(speed, (int)breaks, (int)abandons, (int)seed));
        }

        private static bool Number(Dictionary<string, string> named, string name, double standard, double least, double most, out double value)
        {
            value = standard;
            return !named.TryGetValue(name, out var text)
                || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
        }
    }
}
