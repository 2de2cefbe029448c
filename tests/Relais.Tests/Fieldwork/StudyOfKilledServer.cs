using System.Globalization;
using System.Text.Json;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>
/// The radio study in small: the real server as a process, whose clock goes faster, simulated interviewers in processes of their own, kills of both, and
/// <c>relais fieldwork verify</c> at the end. The large one is <c>./relais bench fieldwork study</c>.
/// </summary>
public sealed class StudyOfKilledServer
{
    private const int Speed = 200;
    private const int Interviewers = 8;

    [Fact]
    public async Task Interviewers_and_server_are_killed_in_the_midst_of_a_study_and_all_that_is_promised_holds()
    {
        await using var server = await ServerProcess.CreateAsync();
        // What is an hour of the study is a few seconds of the network's.
        server.Settings["RELAIS__Fieldwork__HoldFor"] = "01:00:00";
        server.Settings["RELAIS__Fieldwork__InterviewHoldFor"] = "02:00:00";
        server.Settings["RELAIS__Fieldwork__CareEvery"] = "00:00:01";
        await server.SayAsync(string.Create(CultureInfo.InvariantCulture, $"demo people {Interviewers}"));
        Assert.Contains("Radio", await server.SayAsync("demo fieldwork 600 30"), StringComparison.Ordinal);
        var passwords = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(server.Folder, "demo-passwords.json")))!;
        var people = passwords.Where(p => p.Key.StartsWith("enqueteur", StringComparison.Ordinal)).Select(p => $"{p.Key},{p.Value}").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Interviewers, people.Count);

        var (since, from) = (TimeProvider.System.GetUtcNow(), NextMonday());
        foreach (var (name, value) in new (string, string)[]
        {
            ("Clock__Speed", $"{Speed}"), ("Clock__Since", Moment(since)), ("Clock__From", Moment(from)),
        })
            server.Settings[$"RELAIS__Relais__{name}"] = value;
        await server.StartAsync();
        await using (var first = await WorkAsync("first", people[..4], 1))
        await using (var second = await WorkAsync("second", people[4..], 101))
        {
            await UntilAsync(3);
            // Four browsers at once: kill -9 of the process that they are in. Then the server's.
            await first.DisposeAsync();
            await using var again = await WorkAsync("again", people[..4], 201);
            await UntilAsync(7);
            server.Kill();
            await server.StartAsync();
            await UntilAsync(11);
            Assert.Null(second.ExitCode);
            Assert.Null(again.ExitCode);
        }

        // What is on its way arrives.
        await DesktopsApp.UntilAsync(async () => await server.ScalarAsync("SELECT count(*) = 0 FROM kernel.outbox") is true);
        var journals = string.Join(' ', Directory.GetFiles(server.Folder, "*.journal").Select(file => $"--journal {file}"));
        var said = await server.SayAsync($"fieldwork verify {journals}");
        Assert.EndsWith("nothing is wrong\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 acknowledged answers", said, StringComparison.Ordinal);

        async Task<TestProgram> WorkAsync(string name, List<string> some, int seed)
        {
            var file = Path.Combine(server.Folder, $"{name}.people");
            await File.WriteAllLinesAsync(file, some);
            return TestProgram.Start("dotnet", [
                Path.Combine(AppContext.BaseDirectory, "relais.dll"), "interviewers", server.Address.AbsoluteUri, "--people", file, "--ca", Path.Combine(server.Folder, "tls", "ca.crt"),
                "--speed", $"{Speed}", "--since", Moment(since), "--from", Moment(from), "--breaks", "20", "--abandons", "5", "--seed", $"{seed}", "--journal", Path.Combine(server.Folder, $"{name}.journal"),
            ]);
        }

        Task UntilAsync(int completed) => DesktopsApp.UntilAsync(
            async () => await server.ScalarAsync($"SELECT count(*) >= {completed} FROM fieldwork.interview WHERE state = 1") is true, TimeSpan.FromSeconds(60));
    }

    // A Monday afternoon to come: the rules of calling are those of France.
    private static DateTimeOffset NextMonday()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(7);
        while (day.DayOfWeek != DayOfWeek.Monday || Relais.Fieldwork.Rules.FrenchHolidays.Includes(day))
            day = day.AddDays(1);
        var two = day.ToDateTime(new TimeOnly(14, 0));
        return new DateTimeOffset(two, zone.GetUtcOffset(two));
    }

    private static string Moment(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
