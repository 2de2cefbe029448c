using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

/// <summary>A machine on which one desktop fits, on the real engine.</summary>
[Collection(NetworkTests.Name)]
public sealed class AdmissionOnEngine(SmallMachine app) : IClassFixture<SmallMachine>
{
    [Fact]
    public async Task Who_does_not_fit_waits_in_sight_and_starts_when_somebody_leaves()
    {
        var (first, second) = (await app.AddPersonAsync(Roles.Staff), await app.AddPersonAsync(Roles.Staff));
        await DesktopsApp.OpenDesktopAsync(await app.SignInAsync(first));
        var boss = await app.AddPersonAsync(Roles.Administrator);
        // Signing in moves the clock: before anybody waits.
        var administrator = await app.SignInAsync(boss);
        var browser = await app.SignInAsync(second);
        var answer = await QueuedAsync(browser);
        Assert.Equal(1, answer.GetProperty("place").GetInt32());

        // In sight of administrators, on the page, for programs and at the command line.
        var capacity = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/capacity");
        Assert.True(capacity.GetProperty("engine").GetBoolean());
        var member = capacity.GetProperty("members").EnumerateArray().Single();
        Assert.True(member.GetProperty("promisedBytes").GetInt64() >= member.GetProperty("usedBytes").GetInt64());
        Assert.True(member.GetProperty("usedBytes").GetInt64() > 0 && member.GetProperty("diskBytes").GetInt64() > 0 && member.GetProperty("processors").GetInt32() > 0);
        var queued = capacity.GetProperty("queue").EnumerateArray().Single();
        Assert.Equal((1, true), (queued.GetProperty("place").GetInt32(), queued.GetProperty("atScreen").GetBoolean()));
        Assert.Contains(second.UserName, queued.GetProperty("person").GetString(), StringComparison.Ordinal);
        await using (var said = new StringWriter())
        {
            Assert.Equal(0, await CapacityApi.Verb.Run(new VerbCall(app.Services, [], said, TextWriter.Null), CancellationToken.None));
            Assert.Equal(1, JsonDocument.Parse(said.ToString()).RootElement.GetProperty("queue").GetArrayLength());
        }

        await using (var chromium = await Chromium.StartAsync())
        {
            var page = await app.OpenPageAsync(chromium, boss, "/desktops/capacity");
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(second.UserName);
            foreach (var width in new[] { 360, 1280 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.IsInOrderAsync("capacity", width);
            }
        }

        // Nothing of it was made, and nothing of it has failed.
        Assert.DoesNotContain(await app.InstanceOfAsync(second), (await DesktopsApp.RunAsync("lxc", "list", "--format=csv", "--columns=n")).Output, StringComparison.Ordinal);
        await app.WantAsync(first, Wanted.Stopped, DesktopState.Stopped);
        await DesktopsApp.OpenDesktopAsync(browser);
        Assert.Equal(DesktopState.Running, await app.StateOfAsync(second));
        Assert.Equal("queued", (await QueuedAsync(await app.SignInAsync(first))).GetProperty("state").GetString());
    }

    private static async Task<JsonElement> QueuedAsync(Browser browser)
    {
        JsonElement answer = default;
        await DesktopsApp.UntilAsync(async () =>
        {
            using var response = await browser.PostJsonAsync("/api/desktops/mine/open", new { takeOver = true });
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            return answer.GetProperty("state").GetString() == "queued";
        });
        return answer;
    }
}

/// <summary>The real server and engine, with the memory of one desktop.</summary>
public sealed class SmallMachine : DesktopsApp
{
    public SmallMachine()
    {
        Settings["Desktops:MemoryMiB"] = "2500";
        Settings["Desktops:Overcommit"] = "1";
    }
}
