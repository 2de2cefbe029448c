using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Portal.Kit;
using Relais.Traffic.Collector;
using Relais.Traffic.Demo;
using Relais.Traffic.History;
using Relais.Traffic.Links;
using Relais.Traffic.Live;
using Relais.Traffic.Markers;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Sites;

namespace Relais.Tests.Traffic;

/// <summary>What is around the live wall: marked events, public links, cards of channels, the demo's speech, the sites' interface, the purge. One server.</summary>
public sealed partial class WallTests(WallApp app) : IClassFixture<WallApp>
{
    private const string Channel = "Relais Info";

    [Fact]
    public async Task A_marked_event_shows_on_the_wall_and_in_the_explorer_and_has_its_report()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        using var reader = await app.SignInAsync(app.Reader);
        var back = await researcher.SubmitAsync(await researcher.GetAsync("/traffic"), "/traffic/markers", ("Name", "Le discours <commence>"), ("At", ""));
        Assert.Equal("/traffic", back.Path);
        Assert.Contains("« Le discours <commence> » est marqué.", back.Text, StringComparison.Ordinal);
        var shown = await WallApp.JsonAsync(reader.Client, ShownMarkers.Path);
        Assert.Contains(shown.EnumerateArray(), m => m.GetProperty("name").GetString() == "Le discours <commence>" && m.GetProperty("at").GetInt64() > app.Clock.GetUtcNow().ToUnixTimeSeconds() - 60);
        Assert.True(await app.IsAuditedAsync("traffic-marker.added", "Le discours <commence>"));

        // Yesterday's, of the demo: on the curve of its day, and as a report that one click asks for.
        var day = new[] { await YesterdayAsync(0), await YesterdayAsync(1) };
        var explorer = await reader.GetAsync($"/traffic/explorer?measure=AAS&each=hour&from={day[0]}&until={day[1]}");
        Assert.Contains(explorer.Document.QuerySelectorAll("svg text.event"), t => t.TextContent.StartsWith("Allocution", StringComparison.Ordinal));
        var report = await reader.GetAsync(explorer.Document.QuerySelector("a[href='/traffic/surge']") is null ? "" : "/traffic/surge");
        var link = report.Document.QuerySelectorAll("nav.view-list a").Single(a => a.TextContent.Contains("Allocution", StringComparison.Ordinal));
        var surge = await reader.GetAsync(link.GetAttribute("href")!);
        Assert.Contains("Allocution du Président (exemple)", surge.Text, StringComparison.Ordinal);
        Assert.Contains(surge.Document.QuerySelectorAll("td[data-label='Rapport']"), t => t.TextContent.StartsWith("× ", StringComparison.Ordinal) && Number(t.TextContent[2..]) > 5);
    }

    [Fact]
    public async Task Only_a_researcher_marks_events_and_what_is_wrong_is_said_beside_the_field()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        using var reader = await app.SignInAsync(app.Reader);
        Assert.DoesNotContain("Marquer un événement", (await reader.GetAsync("/traffic")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.GetAsync("/traffic/markers")).Status);
        var refused = await researcher.SubmitAsync(await researcher.GetAsync("/traffic/markers"), "marker", ("Name", ""), ("At", "2026-01-15T20:00"));
        Assert.Contains("À remplir", refused.ErrorOf("Name"), StringComparison.Ordinal);
        refused = await researcher.SubmitAsync(await researcher.GetAsync("/traffic/markers"), "marker", ("Name", "Trop loin"), ("At", "1999-01-15T20:00"));
        Assert.Contains("400 jours", refused.ErrorOf("At"), StringComparison.Ordinal);

        await researcher.SubmitAsync(await researcher.GetAsync("/traffic/markers"), "marker", ("Name", "À retirer"), ("At", ""));
        var id = await app.InTrafficAsync(db => db.Markers.Where(m => m.Name == "À retirer").Select(m => m.Id).SingleAsync());
        var after = await researcher.SubmitAsync(await researcher.GetAsync("/traffic/markers"), $"remove-{id}");
        Assert.Contains("« À retirer » est retiré.", after.Text, StringComparison.Ordinal);
        Assert.False(await app.InTrafficAsync(db => db.Markers.AnyAsync(m => m.Id == id)));
        Assert.True(await app.IsAuditedAsync("traffic-marker.removed", "À retirer"));
    }

    [Fact]
    public async Task A_public_link_shows_its_channel_to_anybody_and_nothing_else()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        var (path, made) = await WallApp.LinkAsync(researcher, ("Name", "Écran du hall"), ("Kind", EditLinks.Channel), ("Channel", Channel), ("Days", "2"));
        var token = path.Split('/')[^1];
        // Shown once, kept as a hash.
        Assert.DoesNotContain(token, (await researcher.GetAsync("/traffic/links")).Html, StringComparison.Ordinal);
        Assert.Contains($"{token[..6]}…", made.Text, StringComparison.Ordinal);
        Assert.Equal(PublicLink.HashOf(token), await app.InTrafficAsync(db => db.Links.Where(l => l.Name == "Écran du hall").Select(l => l.Hash).SingleAsync()));
        Assert.True(await app.IsAuditedAsync("traffic-link.made", "Écran du hall"));

        using var anybody = app.OpenBrowser("127.0.3.1");
        using (var answer = await anybody.Client.GetAsync(path))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("noindex, nofollow", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Contains("Écran du hall", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            Assert.DoesNotContain("/traffic/surge", html, StringComparison.Ordinal);
            Assert.DoesNotContain("data-shares", html, StringComparison.Ordinal);
        }

        var id = app.Id();
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=start&n={id[^8..]}&c={Uri.EscapeDataString(Channel)}&i={id}"));
        await app.LookAsync();
        using var stream = await anybody.Client.GetAsync($"{path}/live", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: curve", await lines.ReadLineAsync());
        var second = await SecondAsync(lines);
        Assert.Equal(["at", "listeners", "visitors", "lagMs"], second.EnumerateObject().Select(p => p.Name));
        Assert.InRange(second.GetProperty("listeners").GetInt32(), 1, int.MaxValue);

        // What is not the link's is behind the sign-in, as for anybody.
        foreach (var other in (string[])["/traffic", "/traffic/live", ShownMarkers.Path, "/traffic/explorer", "/traffic/channels/Relais%20Info", "/traffic/links", PlaySpeech.Path])
            Assert.Equal(302, await WallApp.StatusAsync(anybody.Client, other));
        Assert.Equal(404, await WallApp.StatusAsync(anybody.Client, $"{PublicDoor.Path}/{new string('A', token.Length)}/live"));

        // Revoked: the open stream ends, and nothing is shown any more.
        var link = await app.InTrafficAsync(db => db.Links.SingleAsync(l => l.Name == "Écran du hall"));
        await researcher.SubmitAsync(await researcher.GetAsync("/traffic/links"), $"revoke-{link.Id}");
        await Desktops.DesktopsApp.UntilAsync(async () => await lines.ReadLineAsync() is null);
        Assert.Equal(410, await WallApp.StatusAsync(anybody.Client, path));
        foreach (var gone in (string[])[$"{path}/live", $"{path}/markers"])
            Assert.Equal(404, await WallApp.StatusAsync(anybody.Client, gone));
        Assert.True(await app.IsAuditedAsync("traffic-link.revoked", "Écran du hall"));
    }

    [Fact]
    public async Task A_public_link_may_be_shown_in_frames_of_the_sites_that_it_names_alone_and_ends_at_its_time()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        var (wall, _) = await WallApp.LinkAsync(researcher, ("Name", "Partenaire"), ("Kind", EditLinks.Wall), ("Hosts", "www.exemple.fr radio.exemple.fr:8443"), ("Days", "1"));
        using var anybody = app.OpenBrowser("127.0.3.1");
        using (var answer = await anybody.Client.GetAsync(wall))
        {
            Assert.False(answer.Headers.Contains("X-Frame-Options"));
            Assert.Contains("frame-ancestors https://www.exemple.fr https://radio.exemple.fr:8443", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }

        var refused = await researcher.SubmitAsync(await researcher.GetAsync("/traffic/links"), "link", ("Name", "Partout"), ("Kind", EditLinks.Wall), ("Hosts", "*; script-src *"), ("Days", "1"));
        Assert.Contains("noms d’hôte", refused.ErrorOf("Hosts"), StringComparison.Ordinal);
        var past = app.Clock.GetUtcNow().AddSeconds(-1);
        await app.InTrafficAsync(db => db.Links.Where(l => l.Name == "Partenaire").ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, past)));
        app.Services.GetRequiredService<KnownLinks>().Forget();
        Assert.Equal(410, await WallApp.StatusAsync(anybody.Client, wall));
        Assert.Contains("ne montre plus rien", (await anybody.GetAsync(wall)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_view_is_shown_under_a_public_link_as_the_explorer_shows_it()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        await researcher.SubmitAsync(await researcher.GetAsync("/traffic/explorer?measure=TLH_hours&by=channel&each=day"), "/traffic/explorer/views", ("name", "Par chaîne"));
        var view = await app.InTrafficAsync(db => db.Views.SingleAsync(v => v.Name == "Par chaîne"));
        var (path, _) = await WallApp.LinkAsync(researcher, ("Name", "Semaine"), ("Kind", view.Id.ToString()), ("Days", "9"));
        using var anybody = app.OpenBrowser("127.0.3.1");
        var page = await anybody.GetAsync(path);
        Assert.Equal(7, page.Document.QuerySelectorAll("tbody tr").Length);
        Assert.Contains(Channel, page.Text, StringComparison.Ordinal);
        Assert.Equal(404, await WallApp.StatusAsync(anybody.Client, $"{path}/live"));

        // Somebody else's view that is not for all is not theirs to show.
        using var other = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var refused = await other.SubmitAsync(await other.GetAsync("/traffic/links"), "link", ("Name", "Pas à moi"), ("Kind", view.Id.ToString()), ("Days", "9"));
        Assert.Contains("une vue qui existe", refused.ErrorOf("Kind"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_public_pages_too_often_is_answered_429_and_others_are_not()
    {
        using var often = app.OpenBrowser("127.0.4.1");
        var codes = new List<int>();
        for (var i = 0; i < 130; i++)
            codes.Add(await WallApp.StatusAsync(often.Client, $"{PublicDoor.Path}/{new string('A', 43)}"));
        Assert.Contains(429, codes);
        using var other = app.OpenBrowser("127.0.5.1");
        Assert.Equal(410, await WallApp.StatusAsync(other.Client, $"{PublicDoor.Path}/{new string('A', 43)}"));
    }

    [Fact]
    public async Task The_President_speaks_at_the_press_of_a_button_and_nothing_that_was_acknowledged_is_lost()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        using var reader = await app.SignInAsync(app.Reader);
        Assert.DoesNotContain("Le Président parle", (await reader.GetAsync("/traffic")).Text, StringComparison.Ordinal);
        Assert.Equal(403, await WallApp.StatusAsync(reader.Client, PlaySpeech.Path));
        Assert.Equal("/traffic", (await researcher.SubmitAsync(await researcher.GetAsync("/traffic"), PlaySpeech.Path)).Path);
        Assert.Contains("parle déjà", (await researcher.SubmitAsync(await researcher.GetAsync("/traffic"), PlaySpeech.Path)).Text, StringComparison.Ordinal);
        await app.Services.GetRequiredService<Speech>().Playing.WaitAsync(TimeSpan.FromSeconds(60));
        var state = await WallApp.JsonAsync(researcher.Client, PlaySpeech.Path);
        Assert.Equal("Over", state.GetProperty("phase").GetString());
        var outcome = state.GetProperty("outcome");
        Assert.Equal(0, outcome.GetProperty("lost").GetInt64());
        Assert.InRange(outcome.GetProperty("accepted").GetInt64(), 20, 220);
        Assert.Equal(state.GetProperty("sent").GetInt64(), ((string[])["accepted", "refused", "unanswered"]).Sum(name => outcome.GetProperty(name).GetInt64()));
        Assert.InRange(outcome.GetProperty("p99").GetDouble(), 0.01, 60_000);
        Assert.Contains((await WallApp.JsonAsync(researcher.Client, ShownMarkers.Path)).EnumerateArray(), m => m.GetProperty("name").GetString() == "Le Président parle");
        Assert.True(await app.IsAuditedAsync("traffic-speech.played", "Le Président parle"));
    }

    [Fact]
    public async Task Made_up_listeners_of_the_demo_come_through_the_collector()
    {
        var site = await app.InTrafficAsync(db => db.Sites.SingleAsync(s => s.Name == DemoAudience.Site));
        await Desktops.DesktopsApp.UntilAsync(() => Task.FromResult(app.Counts.Of(BeaconOutcome.Accepted, site.Id) >= 3));
        Assert.Equal(0, app.Counts.Of(BeaconOutcome.Malformed, site.Id) + app.Counts.Of(BeaconOutcome.Robot, site.Id));
        await app.LookAsync();
        Assert.InRange(await app.StoredAsync("starts", Dimension.Site, site.Id.ToString(CultureInfo.InvariantCulture)), 3, long.MaxValue);
    }

    [Fact]
    public async Task A_channels_card_shows_it_now_and_beside_other_days_by_device_region_and_player()
    {
        using var reader = await app.SignInAsync(app.Reader);
        var page = await reader.GetAsync("/traffic/channels/Relais%20Info");
        // Again, should midnight pass between the beacons and the page.
        await Desktops.DesktopsApp.UntilAsync(async () =>
        {
            var session = app.Id()[^8..];
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=start&n={session}&c={Uri.EscapeDataString(Channel)}&i={app.Id()}"));
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=beat&n={session}&c={Uri.EscapeDataString(Channel)}&x=30000&w=30000&i={app.Id()}"));
            await app.LookAsync();
            page = await reader.GetAsync("/traffic/channels/Relais%20Info");
            return page.Document.QuerySelector("td[data-label='Aujourd’hui']")?.TextContent is not (null or "0");
        });
        Assert.Equal(Channel, page.Document.QuerySelector("h1")?.TextContent);
        Assert.Equal(3, page.Document.QuerySelectorAll("svg.wide path.line").Length);
        Assert.Contains("Téléphone", page.Text, StringComparison.Ordinal);
        Assert.Contains("FR-IDF", page.Text, StringComparison.Ordinal);
        Assert.Contains("channel=Relais%20Info", page.Html, StringComparison.Ordinal);
        using var stream = await reader.Client.GetAsync("/traffic/live/channel?name=Relais%20Info", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.InRange((await SecondAsync(lines)).GetProperty("listeners").GetInt32(), 1, int.MaxValue);
        using var staff = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(403, await WallApp.StatusAsync(staff.Client, "/traffic/channels/Relais%20Info"));
        Assert.Equal(403, await WallApp.StatusAsync(staff.Client, "/traffic/live/channel?name=Relais%20Info"));
    }

    [Fact]
    public async Task Another_system_lists_adds_changes_and_stops_sites_and_changes_keys()
    {
        const string sites = "/api/traffic/v1/sites";
        using var system = await app.SystemAsync(SiteKeyResources.All, mayWrite: true);
        using var added = await system.PostAsJsonAsync(sites, new { name = "Radio par API", hosts = new[] { "www.exemple.fr" }, consented = true });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var site = await added.Content.ReadFromJsonAsync<JsonElement>();
        var at = $"{sites}/{site.GetProperty("id").GetInt32()}";
        Assert.Equal(at, added.Headers.Location?.OriginalString);
        var key = site.GetProperty("key").GetString()!;
        Assert.NotNull(app.Known.Find(key));
        Assert.Contains((await WallApp.JsonAsync(system, sites)).EnumerateArray(), s => s.GetProperty("key").GetString() == key);

        using var taken = await system.PostAsJsonAsync(sites, new { name = "radio PAR api" });
        using var wrong = await system.PostAsJsonAsync(sites, new { name = "Autre", hosts = new[] { "https://x" } });
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (taken.StatusCode, wrong.StatusCode));
        using var changed = await system.PutAsJsonAsync(at, new { name = "Radio par API 2", hosts = Array.Empty<string>(), consented = false, enabled = true });
        Assert.Equal("Radio par API 2", (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString());
        using var rotated = await system.PostAsync(new Uri($"{at}/key", UriKind.Relative), null);
        Assert.NotEqual(key, (await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString());
        using var stopped = await system.PostAsync(new Uri($"{at}/stop", UriKind.Relative), null);
        Assert.False((await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("enabled").GetBoolean());
        Assert.Null(app.Known.Find(key));
        Assert.True(await app.IsAuditedAsync("traffic-site.key-changed", "Radio par API 2"));

        // A key that may only read, one of something else, and none.
        using var reads = await app.SystemAsync(SiteKeyResources.All, mayWrite: false);
        using var refused = await reads.PostAsync(new Uri($"{at}/stop", UriKind.Relative), null);
        Assert.Equal((200, HttpStatusCode.Forbidden), (await WallApp.StatusAsync(reads, at), refused.StatusCode));
        Assert.Equal(401, await WallApp.StatusAsync(app.OpenBrowser().Client, at));
        using var everybody = await app.SignInAsync(app.Researcher);
        Assert.Equal(401, await WallApp.StatusAsync(everybody.Client, at));
    }

    [Theory]
    [InlineData(KeepHistory.Reader)]
    [InlineData(FeedClickHouse.Reader)]
    public async Task Live_figures_of_past_days_go_once_the_history_has_them_and_not_before(string history)
    {
        var (closed, open) = (Guid.NewGuid(), Guid.NewGuid());
        var now = app.Clock.GetUtcNow();
        var (old, fresh) = ((int)(now.AddDays(-20).ToUnixTimeSeconds() / 60), (int)(now.AddDays(-3).ToUnixTimeSeconds() / 60));
        await using (var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"""
            INSERT INTO traffic.log_reader (log, reader, segment, "offset", sequence, lost, at)
            VALUES ($1, 'live', 0, 0, 9, 0, $3), ($1, '{history}', 0, 0, 9, 0, $4), ($2, 'live', 0, 0, 9, 0, $3), ($2, '{history}', 0, 0, 3, 0, $4)
            """))
        {
            foreach (var value in (object[])[closed, open, now, now.AddDays(-20).AddHours(-5)])
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            await command.ExecuteNonQueryAsync();
        }

        await app.InTrafficAsync(async db =>
        {
            foreach (var log in new[] { closed, open })
            {
                // More than a batch.
                foreach (var n in Enumerable.Range(0, 5100))
                    db.Cells.Add(new LiveCell { Log = log, Minute = old, Dimension = (short)Dimension.Channel, Value = $"C{n}", Revision = 1 });
                db.Cells.Add(new LiveCell { Log = log, Minute = fresh, Dimension = (short)Dimension.All, Value = "", Revision = 1 });
                db.Reach.Add(new LiveReach { Log = log, Quarter = old / 15, Dimension = (short)Dimension.All, Value = "", Visitors = [], Listeners = [] });
            }

            return await db.SaveChangesAsync();
        });
        Assert.Equal(5101, await app.Services.GetRequiredService<PurgeFigures>().LookAsync(CancellationToken.None));
        Assert.Equal(1, await app.InTrafficAsync(db => db.Cells.CountAsync(c => c.Log == closed)));
        Assert.Equal((5101, 1), await app.InTrafficAsync(async db => (await db.Cells.CountAsync(c => c.Log == open), await db.Reach.CountAsync(r => r.Log == open))));
        Assert.Equal(0, await app.Services.GetRequiredService<PurgeFigures>().LookAsync(CancellationToken.None));
    }

    private static async Task<JsonElement> SecondAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement.Clone();
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Number, CultureInfo.GetCultureInfo("fr"));

    // The day of the demo's speech, or the one after it.
    private Task<string> YesterdayAsync(int more) => app.InTrafficAsync(async db =>
        new PlaceOptions().Local(await db.Markers.Where(m => m.Name == "Allocution du Président (exemple)").Select(m => m.At).SingleAsync()).AddDays(more).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
