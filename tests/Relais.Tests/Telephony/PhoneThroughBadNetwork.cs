using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Telephony.Bench.Impaired;

namespace Relais.Tests.Telephony;

/// <summary>A voice from a home whose network loses a tenth of all packets.</summary>
[InChromium]
public sealed class PhoneThroughBadNetwork(PhoneThroughBadNetwork.WatchfulApp app) : IClassFixture<PhoneThroughBadNetwork.WatchfulApp>
{
    private const double Ours = 440;

    [Fact]
    public async Task A_home_that_loses_packets_is_reported_to_the_supervisor_with_its_probable_cause()
    {
        await using var callee = ToneCallee.Start(660);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.AddTrunkAsync(sipOperator.Port);
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        using var path = new BadPath(IPAddress.Parse(WatchfulApp.Here), new BadNetwork(10, 0, Reorders: false), 20_261);
        var person = await app.InterviewingPersonAsync();
        var page = await app.OpenPageAsync(chromium, person, "/phone");
        await page.RouteAsync("**/api/telephony/phone", route => ThroughAsync(route, path));
        await page.GetByRole(AriaRole.Button, new() { Name = "Brancher le casque", Exact = true }).ClickAsync();
        await TelephonyApp.UntilTrueAsync(() => app.Phones.IsIn(person.Id));
        var call = await app.DialAsync(page, person);
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.3);

        var supervisor = await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor));
        JsonElement leg = default;
        await Desktops.DesktopsApp.UntilAsync(async () =>
        {
            var live = await supervisor.Client.GetFromJsonAsync<JsonElement>("/api/telephony/calls/live");
            leg = live.EnumerateArray().Where(c => c.GetProperty("id").GetGuid() == call).SelectMany(c => c.GetProperty("legs").EnumerateArray())
                .FirstOrDefault(l => l.GetProperty("kind").GetString() == "home" && l.GetProperty("badSince").ValueKind is not JsonValueKind.Null);
            return leg.ValueKind is JsonValueKind.Object;
        });
        Assert.InRange(leg.GetProperty("lossPercent").GetDouble(), 3, 40);
        // A machine that is busy with tests may starve the browser, which is asked first, and delays packets by turns as a wireless network does.
        Assert.Contains(leg.GetProperty("cause").GetString(), (string[])["homenetwork", "wireless", "computer"]);
        Assert.NotEmpty(leg.GetProperty("words").GetString()!);
        Assert.Contains(leg.GetProperty("words").GetString()!, (await supervisor.GetAsync($"/calls/{call}")).Text, StringComparison.OrdinalIgnoreCase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Raccrocher" }).ClickAsync();
        await app.EndedAsync(call);
    }

    // The browser and Janus are told of the bad network's ends instead of each other's.
    private static async Task ThroughAsync(IRoute route, BadPath path)
    {
        if (route.Request.Method != "POST")
        {
            await route.ContinueAsync();
            return;
        }

        var offer = JsonNode.Parse(route.Request.PostData ?? "{}")!;
        offer["sdp"] = path.Offer(offer["sdp"]!.GetValue<string>());
        var response = await route.FetchAsync(new() { PostData = Encoding.UTF8.GetBytes(offer.ToJsonString()) });
        var answer = JsonNode.Parse(await response.TextAsync())!;
        answer["sdp"] = path.Answer(answer["sdp"]!.GetValue<string>());
        await route.FulfillAsync(new() { Response = response, Body = answer.ToJsonString() });
    }

    /// <summary>Measures often and says soon that a leg is bad.</summary>
    public sealed class WatchfulApp : PhoneApp
    {
        public WatchfulApp()
        {
            Settings["Telephony:Quality:MeasureEvery"] = "00:00:00.500";
            Settings["Telephony:Quality:BadFor"] = "00:00:02";
        }

        public static string Here => OwnAddress;
    }
}
