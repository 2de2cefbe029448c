using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Usage;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

/// <summary>Samples become hours and hours a report, on a server without an engine: the test says what it would have said.</summary>
public sealed class UsageNoted(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task A_moment_counts_once_and_its_hours_are_reported()
    {
        var desktop = await app.AddDesktopAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        UsageSample At(long cpu) => new(desktop, false, 600, 2048, 2, cpu * 1_000_000_000);
        Assert.True(await NoteAsync(At(100)));
        Assert.False(await NoteAsync(At(100)));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await NoteAsync(At(130)));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await NoteAsync(At(10)));

        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var answer = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/usage");
        var line = Assert.Single(answer.GetProperty("desktops").EnumerateArray(), l => l.GetProperty("desktop").GetGuid() == desktop);
        Assert.Equal(0.25, line.GetProperty("runningHours").GetDouble());
        // 30 s, then 10 s of an instance that began anew, of 900 s on two processors.
        Assert.Equal(Math.Round(40 / 1800.0, 4), line.GetProperty("cpuShare").GetDouble());
        Assert.Equal(600, line.GetProperty("memoryP95MiB").GetInt64());
        Assert.Equal("tooLittleSeen", line.GetProperty("verdict").GetString());

        var forecast = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/forecast");
        Assert.Equal(JsonValueKind.Null, forecast.GetProperty("tomorrowDesktops").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, forecast.GetProperty("missing").ValueKind);

        using var backwards = await administrator.Client.GetAsync("/api/desktops/usage?from=2026-11-20&to=2026-11-10");
        Assert.Equal(HttpStatusCode.BadRequest, backwards.StatusCode);
        using var refused = await (await app.SignInAsync(await app.AddPersonAsync(Roles.Staff))).Client.GetAsync("/api/desktops/usage");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_stopped_desktop_that_nobody_opened_is_unused_and_days_say_what_their_hours_said()
    {
        app.Clock.LeaveMidnight();
        var stopped = await app.AddDesktopAsync();
        var killed = await app.AddDesktopAsync();
        await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.Where(d => d.Id == stopped)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.CreatedAt, app.Clock.GetUtcNow().AddDays(-20))));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await NoteAsync(new UsageSample(killed, false, 500, 1500, 2, 1) { KillCounter = 2 });

        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var job = await administrator.AskAsync(new { Action = "tag", Desktops = new[] { stopped, killed }, Tag = " Terrain  de nuit" });
        await app.WorkAsync();
        Assert.False(await app.WorkAsync());
        Assert.Equal(2, (await administrator.JobAsync(job)).GetProperty("counts").GetProperty("done").GetInt32());

        var lines = await LinesAsync(administrator);
        Assert.Equal("unused", lines[stopped].GetProperty("verdict").GetString());
        Assert.Equal("tooSmall", lines[killed].GetProperty("verdict").GetString());
        Assert.Equal(2, lines[killed].GetProperty("kills").GetInt32());
        Assert.Equal(1792, lines[killed].GetProperty("suggestedMiB").GetInt64());

        // The file of the page and of the verb hold the same desktops.
        var file = await administrator.Client.GetStringAsync("/desktops/usage/export.csv?tag=terrain%20de%20nuit&verdict=tooSmall");
        Assert.StartsWith($"{killed}", Assert.Single(file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..]), StringComparison.Ordinal);
        await using (var said = new StringWriter())
        {
            Assert.Equal(0, await UsageVerbs.Usage.Run(new VerbCall(app.Services, ["--tag", "Terrain de nuit", "--verdict", "unused", "--csv"], said, TextWriter.Null), CancellationToken.None));
            Assert.StartsWith($"{stopped}", Assert.Single(said.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..]), StringComparison.Ordinal);
            Assert.Equal(2, await UsageVerbs.Usage.Run(new VerbCall(app.Services, ["--verdict", "nice"], said, TextWriter.Null), CancellationToken.None));
        }

        app.Clock.Advance(TimeSpan.FromHours(26));
        await app.InAsync(async services =>
        {
            await services.GetRequiredService<SumDays>().HandleAsync(CancellationToken.None);
            return await services.GetRequiredService<DesktopsDb>().UsageHours.ExecuteDeleteAsync();
        });
        administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Equal(lines[killed].GetProperty("runningHours").GetDouble(), (await LinesAsync(administrator))[killed].GetProperty("runningHours").GetDouble());

        // Another size: what happened at the old one is over.
        await administrator.AskAsync(new { Action = "resize", Desktops = new[] { killed }, MemoryMiB = 2048 });
        await app.WorkAsync();
        Assert.Equal("tooLittleSeen", (await LinesAsync(administrator))[killed].GetProperty("verdict").GetString());
    }

    private static async Task<Dictionary<Guid, JsonElement>> LinesAsync(Browser administrator)
    {
        var answer = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/usage?tag=terrain%20de%20nuit");
        Assert.Equal("Terrain de nuit", answer.GetProperty("tags")[0].GetProperty("name").GetString());
        return answer.GetProperty("desktops").EnumerateArray().ToDictionary(l => l.GetProperty("desktop").GetGuid());
    }

    private Task<bool> NoteAsync(UsageSample sample) =>
        app.InAsync(services => services.GetRequiredService<NoteUsage>().HandleAsync([sample], 8192, CancellationToken.None));
}
