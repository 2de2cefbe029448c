using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Record = Relais.Traffic.Measures.Records.Record;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;
using Relais.Traffic.Collector;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;
using Relais.Traffic.Replay;
using Relais.Traffic.Sites;

namespace Relais.Tests.Traffic;

/// <summary>What a collector answers, what lies in its log, and what is counted of it.</summary>
public sealed class CollectorTests(TrafficApp app) : IClassFixture<TrafficApp>
{
    [Fact]
    public async Task A_beacon_that_is_answered_204_is_in_the_log_on_disk()
    {
        var id = app.Id();
        using var answer = await app.GetAsync($"e=view&p=%2Fdirect&f=example.org&i={id}");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var found = Assert.Single(InLog(), r => r.Id == id);
        Assert.Equal((RecordKind.PageView, "/direct", DeviceKind.Desktop, app.Site.Id), (found.Kind, found.Path, found.Device, found.Site));
        Assert.NotEqual(0UL, found.Visitor);
    }

    [Fact]
    public async Task A_body_of_many_beacons_takes_the_good_ones_and_leaves_out_the_bad()
    {
        var (good, other) = (app.Id(), app.Id());
        using var answer = await app.PostAsync($"e=view&p=/a&i={good}\ne=view&p=/b\r\ne=start&c=R&n=1&i={other}\n");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(2, InLog().Count(r => r.Id == good || r.Id == other));
        using var none = await app.PostAsync("e=view&p=/b\n");
        Assert.Equal((HttpStatusCode.BadRequest, "NoId"), (none.StatusCode, await none.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("", 401)]
    [InlineData("k=wrong&e=view&p=/&i=00000000000000000000000000abcdef", 403)]
    [InlineData("KEY&e=nothing", 400)]
    [InlineData("KEY&e=view&p=%00&i=00000000000000000000000000abcdef", 400)]
    [InlineData("KEY&e=view&p=/&a=-120000&i=00000000000000000000000000abcdef", 400)]
    public async Task A_bad_beacon_is_refused_with_its_code_and_counted_by_its_reason(string query, int status)
    {
        var before = Refused();
        using var answer = await app.Sender.GetAsync(new Uri($"/c?{query.Replace("KEY", $"k={app.Site.Key}", StringComparison.Ordinal)}", UriKind.Relative));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(before + 1, Refused());

        long Refused() => new[] { BeaconOutcome.NoKey, BeaconOutcome.WrongKey, BeaconOutcome.Malformed, BeaconOutcome.FromFuture }.Sum(o => app.Counts.Of(o));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_is_read()
    {
        using var body = await app.PostAsync(new string('x', TakeBeacons.LongestBody + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, body.StatusCode);
        using var query = await app.GetAsync($"e=view&i={app.Id()}&p=/{new string('x', 5000)}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, query.StatusCode);
        // A body that says no length and does not end.
        Assert.StartsWith("HTTP/1.1 413", await RawAsync($"POST /c?k={app.Site.Key} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", 1 << 20), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_ten_megabytes_is_refused_and_the_collector_goes_on()
    {
        Assert.Matches("^HTTP/1.1 4(14|31)|^$", await RawAsync("GET /c?k=", 10 << 20));
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=view&p=/&i={app.Id()}"));
    }

    [Fact]
    public async Task A_preflight_is_answered_and_other_methods_are_not_allowed()
    {
        using var asked = new HttpRequestMessage(HttpMethod.Options, "/c");
        using var answer = await app.Sender.SendAsync(asked);
        Assert.Equal((HttpStatusCode.NoContent, "GET, POST"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods"))));
        using var put = new HttpRequestMessage(HttpMethod.Put, "/c");
        using var refused = await app.Sender.SendAsync(put);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_sent_again_is_answered_204_again_and_counted_once()
    {
        var channel = $"R{app.Id()[^6..]}";
        var start = $"e=start&n=5&c={channel}&i={app.Id()}";
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(start));
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(start));
        await app.LookAsync();
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(start));
        await app.LookAsync();
        Assert.Equal(1, await app.StoredAsync("starts", Dimension.Channel, channel));
    }

    [Fact]
    public async Task A_robot_is_answered_as_anybody_and_counts_nowhere()
    {
        var channel = $"R{app.Id()[^6..]}";
        using var robot = new HttpRequestMessage(HttpMethod.Get, $"/c?k={app.Site.Key}&e=start&n=6&c={channel}&i={app.Id()}");
        robot.Headers.UserAgent.Clear();
        robot.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; Examplebot/2.1)");
        using var answer = await app.Sender.SendAsync(robot);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await app.LookAsync();
        Assert.Equal(0, await app.StoredAsync("starts", Dimension.Channel, channel));
        Assert.InRange(app.Counts.Of(BeaconOutcome.Robot, app.Site.Id), 1, long.MaxValue);
    }

    [Fact]
    public async Task Who_opts_out_is_answered_and_nothing_of_them_is_kept()
    {
        var id = app.Id();
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=view&p=/&o=1&i={id}"));
        Assert.DoesNotContain(InLog(), r => r.Id == id);
    }

    [Fact]
    public async Task Without_consent_a_visitor_is_known_for_a_day_on_one_site_and_their_identifier_is_not_looked_at()
    {
        var (first, second, elsewhere) = (app.Id(), app.Id(), app.Id());
        var other = await app.AddSiteAsync("Un autre site", "", consented: false);
        await app.StatusAsync($"e=view&p=/&u=moi&i={first}");
        await app.StatusAsync($"e=view&p=/&u=toi&i={second}");
        using var answer = await app.PostAsync($"e=view&p=/&u=moi&i={elsewhere}", other.Key);
        var found = InLog();
        Assert.Equal(Of(first).Visitor, Of(second).Visitor);
        Assert.NotEqual(Of(first).Visitor, Of(elsewhere).Visitor);

        (string Id, RecordKind Kind, string Path, DeviceKind Device, int Site, ulong Visitor, RecordFlags Flags) Of(string id) => found.Single(r => r.Id == id);
    }

    [Fact]
    public async Task With_consent_an_identifier_tells_visitors_apart_on_their_site_only()
    {
        var (one, two) = (await app.AddSiteAsync("Avec accord 1", "", consented: true), await app.AddSiteAsync("Avec accord 2", "", consented: true));
        var ids = Enumerable.Range(0, 4).Select(_ => app.Id()).ToArray();
        (await app.PostAsync($"e=view&p=/&u=moi&i={ids[0]}\ne=view&p=/&u=moi&i={ids[1]}\ne=view&p=/&u=toi&i={ids[2]}", one.Key)).Dispose();
        (await app.PostAsync($"e=view&p=/&u=moi&i={ids[3]}", two.Key)).Dispose();
        var visitors = ids.Select(id => InLog().Single(r => r.Id == id)).ToArray();
        Assert.All(visitors, v => Assert.True(v.Flags.HasFlag(RecordFlags.Consented)));
        Assert.Equal(visitors[0].Visitor, visitors[1].Visitor);
        Assert.Equal(3, visitors.Select(v => v.Visitor).Distinct().Count());
    }

    [Fact]
    public async Task Only_pages_of_the_hosts_that_a_site_names_may_send()
    {
        var site = await app.AddSiteAsync("Un seul hôte", "www.exemple.example", consented: false);
        Assert.Equal(HttpStatusCode.NoContent, await FromAsync("https://www.exemple.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await FromAsync("https://ailleurs.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await FromAsync("null"));

        async Task<HttpStatusCode> FromAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/c?k={site.Key}&e=view&p=/&i={app.Id()}");
            request.Headers.Add("Origin", origin);
            using var answer = await app.Sender.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_changed_key_is_heard_for_a_week_beside_the_new_one()
    {
        var site = await app.AddSiteAsync("Clé changée", "", consented: false);
        await using (var scope = app.Services.CreateAsyncScope())
            Assert.IsType<SiteResult.Saved>(await scope.ServiceProvider.GetRequiredService<EditSites>().RotateAsync(site.Id, Actor.System, CancellationToken.None));
        var now = await app.InTrafficAsync(db => db.Sites.AsNoTracking().SingleAsync(s => s.Id == site.Id));
        Assert.NotEqual(site.Key, now.Key);
        using var former = await app.PostAsync($"e=view&p=/&i={app.Id()}", site.Key);
        using var fresh = await app.PostAsync($"e=view&p=/&i={app.Id()}", now.Key);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (former.StatusCode, fresh.StatusCode));
        var known = app.Services.GetRequiredService<KnownSites>();
        Assert.NotNull(known.Find(site.Key));
        Assert.True(known.Find(site.Key)!.GoodUntil <= app.Clock.GetUtcNow() + EditSites.FormerKeyGood);
    }

    [Fact]
    public async Task A_flood_from_one_network_is_answered_429_and_others_are_not()
    {
        using var proxy = app.Plain("127.0.0.9");
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 120; i++)
            codes.Add(await ViaAsync($"198.51.100.{i}"));
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.Equal(HttpStatusCode.NoContent, await ViaAsync("203.0.113.4"));
        // Of a forged list only what our proxy wrote counts.
        Assert.Equal(HttpStatusCode.NoContent, await ViaAsync("198.51.100.7, 192.0.2.200"));

        async Task<HttpStatusCode> ViaAsync(string forwarded)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/c?k={app.Site.Key}&e=hit&i={app.Id()}");
            request.Headers.Add("X-Forwarded-For", forwarded);
            using var answer = await proxy.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Late_data_amends_its_minute_with_a_new_revision()
    {
        var channel = $"R{app.Id()[^6..]}";
        await app.StatusAsync($"e=start&n=1&c={channel}&a=600000&i={app.Id()}");
        await app.LookAsync();
        await app.StatusAsync($"e=start&n=2&c={channel}&a=600000&i={app.Id()}");
        await app.LookAsync();
        var cells = await app.InTrafficAsync(db => db.Cells.AsNoTracking().Where(c => c.Value == channel && c.Starts > 0).ToListAsync());
        Assert.Equal(2, cells.Sum(c => c.Starts));
        Assert.Equal(cells.Count == 1 ? 2 : 1, cells.Max(c => c.Revision));
    }

    [Fact]
    public async Task Keys_and_counts_are_on_the_administrators_page()
    {
        using var browser = await app.AdministratorAsync();
        var made = await browser.SubmitAsync(await browser.GetAsync("/traffic/sites"), "site", ("Name", "Radio <b>Ondes</b>"), ("Hosts", "www.exemple.example"));
        Assert.StartsWith("/traffic/sites/", made.Path, StringComparison.Ordinal);
        var site = await app.InTrafficAsync(db => db.Sites.AsNoTracking().SingleAsync(s => s.Name == "Radio <b>Ondes</b>"));
        Assert.Contains($"data-site=\"{site.Key}\"", made.Text, StringComparison.Ordinal);
        using var sent = await app.PostAsync($"e=view&p=/&i={app.Id()}", site.Key);
        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        Assert.Contains("Acceptées, sur le disque", (await browser.GetAsync(made.Path)).Text, StringComparison.Ordinal);
        var refused = await browser.SubmitAsync(await browser.GetAsync("/traffic/sites"), "site", ("Name", "Autre"), ("Hosts", "https://exemple"));
        Assert.Contains("sans « https:// »", refused.Text, StringComparison.Ordinal);
        var rotated = await browser.SubmitAsync(made, "rotate");
        Assert.DoesNotContain($"data-site=\"{site.Key}\"", rotated.Text, StringComparison.Ordinal);
    }

    private List<(string Id, RecordKind Kind, string Path, DeviceKind Device, int Site, ulong Visitor, RecordFlags Flags)> InLog()
    {
        var open = app.Services.GetRequiredService<CollectorLog>().Open!;
        using var reader = new LogReader(open.Files, LogPosition.Start);
        var found = new List<(string, RecordKind, string, DeviceKind, int, ulong, RecordFlags)>();
        while (reader.TryRead(open.Log.End, out var block))
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var it))
                found.Add((it.Id.ToString("x32", CultureInfo.InvariantCulture), it.Kind, Encoding.UTF8.GetString(it.Path), it.Device, it.Site, it.Visitor, it.Flags));
        }

        return found;
    }

    [Fact]
    public async Task A_load_that_is_played_twice_is_counted_twice()
    {
        for (var time = 0; time < 2; time++)
        {
            using var said = new StringWriter();
            string[] arguments = ["--step", "100:100", "--seconds", "1", "--connections", "8", "--to", app.Address.AbsoluteUri];
            var playing = ReplayVerb.Verb.Run(new VerbCall(app.Services, arguments, said, said), TestContext.Current.CancellationToken);
            await Desktops.DesktopsApp.UntilAsync(async () =>
            {
                await app.LookAsync();
                return playing.IsCompleted;
            });
            Assert.True(await playing == 0, said.ToString());
            Assert.Contains("lost         0", said.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("accepted     0", said.ToString(), StringComparison.Ordinal);
        }
    }

    // What is answered while this much is sent; nothing, when the connection was cut before it could be read.
    private async Task<string> RawAsync(string beginning, int more)
    {
        using var socket = new TcpClient("127.0.0.1", app.Address.Port);
        await using var tls = new System.Net.Security.SslStream(socket.GetStream(), false, static (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var answer = new byte[12];
        var answered = tls.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false).AsTask();
        try
        {
            var part = Encoding.ASCII.GetBytes(new string('x', 1 << 14));
            for (var sent = 0; sent < more && !answered.IsCompleted; sent += part.Length)
                await tls.WriteAsync(part);
            return Encoding.ASCII.GetString(answer, 0, await answered);
        }
        catch (IOException)
        {
            return answered.IsCompletedSuccessfully ? Encoding.ASCII.GetString(answer, 0, answered.Result) : "";
        }
    }
}
