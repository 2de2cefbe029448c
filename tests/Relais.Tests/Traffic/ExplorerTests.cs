using System.Net;
using System.Text.Json;
using Relais.Access.Contracts;

namespace Relais.Tests.Traffic;

/// <summary>The history over the web: its report and its pages.</summary>
[InChromium]
public sealed class ExplorerTests(HistoryApp app) : IClassFixture<HistoryApp>
{
    private const string Day = "/api/traffic/report?from=2026-01-01&to=2026-01-02&channel=S1";
    private const string Chart = "/traffic/explorer?measure=TLH_hours&from=2026-01-01&until=2026-01-01&each=hour&by=channel";

    [Fact]
    public async Task The_report_is_given_as_json_and_csv_and_says_by_which_definitions()
    {
        using var reader = await app.SignInAsync(app.Reader);
        using var json = JsonDocument.Parse(await reader.Client.GetStringAsync(Day));
        var row = Assert.Single(json.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal(140.8625, row.GetProperty("measures").GetProperty("TLH_hours").GetDouble());
        Assert.Equal("2026-01-01T00:00:00+01:00", row.GetProperty("from").GetString());
        Assert.True(json.RootElement.GetProperty("definitions").TryGetProperty("listening/1", out _));
        Assert.Contains(",AAS,5.869270833333334\n", (await reader.Client.GetStringAsync(Day + "&format=csv")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        using var refused = await reader.Client.GetAsync("/api/traffic/report?from=hier");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Only_who_reads_figures_asks_the_history()
    {
        using var staff = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        foreach (var path in (string[])[Day, Chart, "/traffic/surge"])
            Assert.Equal(HttpStatusCode.Forbidden, (await staff.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.OpenBrowser().Client.GetAsync(Day)).StatusCode);
    }

    [Fact]
    public async Task A_view_is_kept_under_a_name_shared_by_its_address_and_removed_by_its_owner_alone()
    {
        using var reader = await app.SignInAsync(app.Reader);
        using var other = await app.SignInAsync(await app.AddPersonAsync(Roles.Reader));
        var kept = await reader.SubmitAsync(await reader.GetAsync(Chart), "/traffic/explorer/views", ("name", "Le premier de l’an <b>"));
        Assert.Equal(Chart, kept.Address.PathAndQuery);
        Assert.Contains(kept.Document.QuerySelectorAll("a[aria-current=page]"), a => a.TextContent == "Le premier de l’an <b>");
        Assert.DoesNotContain("Le premier de l’an", (await other.GetAsync("/traffic/explorer")).Text, StringComparison.Ordinal);

        await reader.SubmitAsync(await reader.GetAsync($"{Chart}&site=S"), "/traffic/explorer/views", ("name", "Pour tous"), ("shared", "true"));
        var shared = await other.GetAsync("/traffic/explorer");
        Assert.Contains("Pour tous", shared.Text, StringComparison.Ordinal);
        var own = await reader.GetAsync($"{Chart}&site=S");
        var address = new Uri(own.Document.QuerySelectorAll("p.hint code").Single().TextContent).AbsolutePath;
        Assert.Equal($"{Chart}&site=S", (await other.GetAsync(address)).Address.PathAndQuery);

        // What is not theirs is not there; neither is a view without words or of another page.
        var remove = own.Document.Forms.Single(f => f.Action.EndsWith("/remove", StringComparison.Ordinal)).GetAttribute("action")!;
        using (var refused = await other.PostAsync(remove, new FormUrlEncodedContent([])))
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        foreach (var (name, query) in (IEnumerable<(string, string)>)[("", "?a=1"), ("x", "https://ailleurs.example"), (new string('x', 81), "?a=1"), ("x", $"?{new string('a', 500)}")])
        {
            using var refused = await reader.PostAsync("/traffic/explorer/views", new FormUrlEncodedContent([new("name", name), new("query", query)]));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using (var without = await reader.Client.PostAsync("/traffic/explorer/views", new FormUrlEncodedContent([new("name", "x"), new("query", "?a=1")])))
            Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        await reader.SubmitAsync(own, remove);
        Assert.DoesNotContain("Pour tous", (await other.GetAsync("/traffic/explorer")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_demo_is_off_there_is_no_button_and_no_speech()
    {
        using var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var wall = await researcher.GetAsync("/traffic");
        Assert.DoesNotContain("Le Président parle", wall.Text, StringComparison.Ordinal);
        using var asked = await researcher.Client.GetAsync("/traffic/demo/speech");
        using var pressed = await researcher.PostAsync("/traffic/demo/speech", new FormUrlEncodedContent([new("back", "/traffic")]));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (asked.StatusCode, pressed.StatusCode));
    }

    [Fact]
    public async Task The_pages_show_what_was_asked_and_are_in_order_at_any_width()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, app.Reader, Chart);
        Assert.Equal(24, await page.Locator("tbody tr").CountAsync());
        Assert.Equal(["S1", "S2", "S3"], (await page.Locator("thead th.number").AllInnerTextsAsync()).Order(StringComparer.Ordinal));
        foreach (var (name, path) in (IEnumerable<(string, string)>)[
            ("explorer", Chart), ("explorer-pages", "/traffic/explorer?measure=unique_visitors&from=2015-05-17&until=2015-05-20&each=day"), ("explorer-empty", "/traffic/explorer"),
            ("explorer-refused", "/traffic/explorer?from=2015-05-20&until=2015-05-17"), ("surge", "/traffic/surge?event=2026-01-01T20:00&minutes=60&days=1"), ("surge-empty", "/traffic/surge"),
        ])
        {
            foreach (var (width, height) in (IEnumerable<(int, int)>)[(1280, 900), (360, 740)])
            {
                await page.SetViewportSizeAsync(width, height);
                await page.GotoAsync(path);
                await page.IsInOrderAsync(name, width);
            }
        }
    }
}
