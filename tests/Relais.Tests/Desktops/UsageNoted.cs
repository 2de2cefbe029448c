using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Usage;

namespace Relais.Tests.Desktops;

/// <summary>Samples become hours and hours a report, on a server without an engine: the test says what it would have said.</summary>
public sealed class UsageNoted(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task A_moment_counts_once_and_its_hours_are_reported()
    {
        var desktop = await app.AddDesktopAsync();
        UsageSample At(long cpu) => new(desktop, false, 600, 2048, 2, cpu * 1_000_000_000);
        Assert.True(await NoteAsync(At(100)));
        Assert.False(await NoteAsync(At(100)));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await NoteAsync(At(130)));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await NoteAsync(At(10)));

        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var answer = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/usage");
        var line = Assert.Single(answer.GetProperty("desktops").EnumerateArray());
        Assert.Equal(desktop, line.GetProperty("desktop").GetGuid());
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

    private Task<bool> NoteAsync(UsageSample sample) =>
        app.InAsync(services => services.GetRequiredService<NoteUsage>().HandleAsync([sample], 8192, CancellationToken.None));
}
