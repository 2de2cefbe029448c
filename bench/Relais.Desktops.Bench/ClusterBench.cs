using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Relais.Desktops.Bench;

/// <summary>
/// Desktops on a cluster of three: they spread over its members, each is reached at its RDP port, and none reaches another one, on the same member or on
/// another. Then a member is emptied and one is killed, while the desktops of the others are watched. The exit code is 1 when one of this is not so.
/// </summary>
internal sealed class ClusterBench(PlanRows rows, Installation installation, int desktops)
{
    private const string Plan = "Banc";
    private const string Pool = "BancCommun";
    private const string Drained = "m2";
    private const string Killed = "m3";
    private const int Spares = 3;
    private const int Dns = 53;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Cluster _cluster = new(installation);
    private readonly List<string> _wrong = [];

    public async Task<int> HandleAsync()
    {
        await rows.PrepareAsync(Plan, desktops);
        var since = Stopwatch.GetTimestamp();
        await installation.SayAsync($"plan start {Plan}");
        var wall = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var starts = await rows.StartsAsync();
        var addresses = await rows.AddressesAsync();
        Hold(addresses.Count == desktops, $"{addresses.Count} of {desktops} desktops run");
        Console.WriteLine(Figures.Machine());
        Console.WriteLine();
        Say(
            $"Spread: {addresses.Count} of {desktops} desktops by one plan on three members: {string.Join(", ", await SpreadAsync(addresses))}; all there after {wall:0.0} s, the last {(starts.Count > 0 ? starts[^1] : 0):0.0} s after it was asked for.");
        if (addresses.Count > 0)
            await TryNeighboursAsync(addresses, Placements(await _cluster.InstancesAsync()));
        if (_wrong.Count == 0)
            await DrainAsync();
        if (_wrong.Count == 0)
            await KillAsync();
        foreach (var wrong in _wrong)
            Console.WriteLine($"WRONG: {wrong}");
        return _wrong.Count == 0 ? 0 : 1;
    }

    private async Task<IEnumerable<string>> SpreadAsync(IReadOnlyDictionary<string, string> addresses)
    {
        var at = Placements(await _cluster.InstancesAsync());
        var counts = addresses.Keys.CountBy(a => at.GetValueOrDefault(a, "nowhere"), StringComparer.Ordinal).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        Hold(counts.Count == 3 && counts.Max(c => c.Value) - counts.Min(c => c.Value) <= 1, "they do not spread over the three members");
        await AnswerAsync(addresses.Values);
        return counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}"));
    }

    // From inside the first desktop, as root of it.
    private async Task TryNeighboursAsync(IReadOnlyDictionary<string, string> addresses, Dictionary<string, string> members)
    {
        var from = addresses.Keys.Order(StringComparer.Ordinal).First();
        // What it may reach, so that "not reached" means something.
        Hold(await _cluster.ReachesAsync(from, installation.Gateway, Dns), "a desktop does not reach the names at its gateway");
        var (near, far, reached) = (0, 0, 0);
        foreach (var (name, address) in addresses.Where(a => a.Key != from))
        {
            var there = IPEndPoint.Parse(address);
            foreach (var port in new[] { there.Port, 22 })
            {
                if (await _cluster.ReachesAsync(from, there.Address.ToString(), port))
                    reached++;
            }

            if (await _cluster.LearnsAsync(from, there.Address.ToString()))
                reached++;
            if (members.GetValueOrDefault(name) == members.GetValueOrDefault(from))
                near++;
            else
                far++;
        }

        Hold(reached == 0, $"a desktop reached others {reached} times");
        Hold(near > 0 && far > 0, "there was none on the same or none on another member to try");
        Say($"Apart: from inside one, {near} on the same member and {far} on others were tried: reached {reached} times.");
    }

    // A member is emptied while all run and nobody works on them: personal ones move, and those of a pool that nobody has are made anew elsewhere.
    private async Task DrainAsync()
    {
        await installation.SayAsync($"desktops pools set {Pool} --bundle enqueteur --groups {Plan} --most {2 * Spares} --ready {Spares}");
        Hold(await UntilAsync(async () => await rows.SparesAsync() == Spares), $"the pool's {Spares} desktops do not run");
        var personal = await rows.PersonalAsync();
        var addresses = await rows.AddressesAsync();
        foreach (var instance in personal)
            Hold(await _cluster.InsideAsync(instance, $"echo {instance} >/home/kept") is not null, $"nothing was written in {instance}");
        var before = Placements(await _cluster.InstancesAsync());
        var leaving = personal.Where(a => before[a] == Drained).ToList();
        var spares = before.Count(i => i.Value == Drained) - leaving.Count;
        Hold(leaving.Count > 0 && spares > 0, $"{Drained} has {leaving.Count} personal desktops and {spares} of the pool");
        var watch = new RdpWatch(addresses.Where(a => before[a.Key] != Drained).Select(a => a.Value));
        await using var watched = watch;
        var since = Stopwatch.GetTimestamp();
        await installation.SayAsync($"desktops drain {Drained}");
        var done = await UntilAsync(async () =>
            (await _cluster.InstancesAsync()).All(i => i.Member != Drained) && (await _cluster.HomesAsync()).All(h => h.Member != Drained)
            && (await rows.AddressesAsync()).Count == desktops + Spares);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var (tries, misses) = await watch.EndAsync();
        Hold(done, $"{Drained} was not empty, with all running elsewhere, within {Patience.TotalMinutes} min");
        Hold(misses == 0, $"while one member was emptied, desktops of the others did not answer {misses} of {tries} times");
        await NothingDoubledAsync("after the drain");
        await AnswerAsync((await rows.AddressesAsync()).Values);
        foreach (var instance in personal)
            Hold((await _cluster.InsideAsync(instance, "cat /home/kept"))?.Trim() == instance, $"what was written in the home of {instance} is not there");
        using var said = JsonDocument.Parse(await installation.SayAsync("desktops drain"));
        Hold(
            said.RootElement.EnumerateArray().Any(d => d.GetProperty("member").GetString() == Drained && d.GetProperty("moved").GetInt32() == leaving.Count),
            $"the drain does not say that {leaving.Count} moved");
        await installation.SayAsync($"desktops undrain {Drained}");
        Say($"Drained: {leaving.Count} desktops left {Drained} in {seconds:0.0} s, each with what was in its home, and {spares} of the pool were made anew elsewhere; of {tries} knocks at those of the other members {misses} were not answered.");
    }

    // A member goes with its desktops, as in a power cut: what has nothing to keep starts elsewhere, the rest waits for it.
    private async Task KillAsync()
    {
        var before = Placements(await _cluster.InstancesAsync());
        var personal = await rows.PersonalAsync();
        var addresses = await rows.AddressesAsync();
        var lost = before.Where(i => i.Value == Killed).Select(i => i.Key).ToList();
        var waiting = lost.Where(personal.Contains).ToHashSet(StringComparer.Ordinal);
        Hold(waiting.Count > 0, $"no personal desktop was on {Killed}");
        Hold(lost.Count > waiting.Count, $"no desktop of the pool was on {Killed}");
        var others = addresses.Where(a => before[a.Key] != Killed).Select(a => a.Value).ToList();
        var watch = new RdpWatch(others);
        await using var watched = watch;
        var since = Stopwatch.GetTimestamp();
        await installation.ClusterAsync("kill", Killed);
        Hold(await UntilAsync(async () => (await AwayAsync()).SetEquals(waiting)), "the list does not say which desktops are on a machine that does not answer");
        var told = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Hold(await UntilAsync(async () => await StateAsync(Killed) == "Offline"), $"the capacity does not say that {Killed} does not answer");
        Hold(await UntilAsync(async () => await rows.SparesAsync() == Spares), "the pool's desktops were not made again elsewhere");
        var again = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await AnswerAsync((await rows.AddressesAsync()).Values);
        Hold((await rows.AddressesAsync()).Keys.All(k => !lost.Contains(k)), "a desktop of the dead member is called running");
        Hold((await _cluster.InstancesAsync()).Where(i => waiting.Contains(i.Name)).All(i => i.Member == Killed), "a desktop was made anew away from its home");
        var (tries, misses) = await watch.EndAsync();
        Hold(misses == 0, $"when one member was killed, desktops of the others did not answer {misses} of {tries} times");
        Say($"Killed: {Killed} with {lost.Count} desktops; after {told:0.0} s the list named the {waiting.Count} that wait for it, after {again:0.0} s {lost.Count - waiting.Count} of the pool ran elsewhere instead; of {tries} knocks at the {others.Count} of the other members {misses} were not answered.");

        since = Stopwatch.GetTimestamp();
        await installation.ClusterAsync("revive", Killed);
        var back = await UntilAsync(async () => (await rows.AddressesAsync()).Count == desktops + Spares && (await _cluster.InstancesAsync()).Count == desktops + Spares);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Hold(back, $"not {desktops + Spares} desktops ran, and no more, when {Killed} was back");
        await NothingDoubledAsync("after the return");
        await AnswerAsync((await rows.AddressesAsync()).Values);
        foreach (var instance in waiting)
            Hold((await _cluster.InsideAsync(instance, "cat /home/kept"))?.Trim() == instance, $"what was written in the home of {instance} is not there");
        Say($"Back: {seconds:0.0} s after {Killed} was started again its {waiting.Count} desktops ran with what was in their homes, and what the pool had there was gone.");
    }

    private async Task NothingDoubledAsync(string when)
    {
        var names = (await _cluster.InstancesAsync()).Select(i => i.Name).ToList();
        var homes = (await _cluster.HomesAsync()).Select(h => h.Name).ToList();
        var known = (await rows.AllAsync()).ToHashSet(StringComparer.Ordinal);
        Hold(names.Count == names.Distinct(StringComparer.Ordinal).Count(), $"{when} an instance is there twice");
        Hold(known.SetEquals(names), $"{when} there are {names.Count(n => !known.Contains(n))} instances without a row and {known.Count(k => !names.Contains(k))} rows without an instance");
        Hold(homes.Count == names.Count && homes.Distinct(StringComparer.Ordinal).Count() == homes.Count, $"{when} there are {homes.Count} homes of {names.Count} desktops");
    }

    private async Task<HashSet<string>> AwayAsync()
    {
        using var list = JsonDocument.Parse(await installation.SayAsync("desktops list --pool personal"));
        return [.. list.RootElement.EnumerateArray().Where(d => d.GetProperty("fault").GetString() == "member-away").Select(d => $"d-{d.GetProperty("id").GetGuid():N}")];
    }

    private async Task<string?> StateAsync(string member)
    {
        using var capacity = JsonDocument.Parse(await installation.SayAsync("desktops capacity"));
        return capacity.RootElement.GetProperty("members").EnumerateArray().Where(m => m.GetProperty("name").GetString() == member).Select(m => m.GetProperty("state").GetString()).FirstOrDefault();
    }

    private async Task AnswerAsync(IEnumerable<string> addresses)
    {
        var answers = await Task.WhenAll(addresses.Select(a => RdpWatch.AnswersAsync(IPEndPoint.Parse(a))));
        Hold(answers.All(a => a), $"RDP answered at {answers.Count(a => a)} of {answers.Length}");
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> isSo)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        do
        {
            try
            {
                if (await isSo())
                    return true;
            }
            catch (HttpRequestException)
            {
                // A member that was killed a moment ago: the engine says so in its own time.
            }
        }
        while (Stopwatch.GetElapsedTime(since) < Patience && await timer.WaitForNextTickAsync());
        return false;
    }

    private static Dictionary<string, string> Placements(IEnumerable<Placed> instances) => instances.ToDictionary(i => i.Name, i => i.Member, StringComparer.Ordinal);

    private static void Say(FormattableString what) => Console.WriteLine(what.ToString(CultureInfo.InvariantCulture));

    private void Hold(bool isSo, string wrong)
    {
        if (!isSo)
            _wrong.Add(wrong);
    }
}
