using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Tests.Desktops;

namespace Relais.Tests.Feed;

/// <summary>Who is answered at the feed, over real HTTP. A server of its own: guesses of one test are not another's.</summary>
public sealed class FeedSignInTests(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string SignIn = "/rdweb/feedlogin/webfeedlogin.aspx";

    [Fact]
    public async Task A_client_that_shows_nothing_is_led_to_the_sign_in_that_asks_for_its_password_and_gives_a_cookie()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.1");
        foreach (var address in new[] { NativeClientDoor.FeedPath, $"/RDWeb/Feed/WebFeed.aspx", $"/rdweb/feed/files/workstation/{Guid.NewGuid()}.rdp" })
        {
            using var led = await client.GetWithCookieAsync(address, null);
            Assert.Equal((HttpStatusCode.Redirect, SignIn), (led.StatusCode, led.Headers.Location?.OriginalString));
        }

        using var asked = await client.GetWithCookieAsync(SignIn, null);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (asked.StatusCode, asked.Headers.WwwAuthenticate.Single().Scheme));
        using var given = await client.GetAsync(SignIn);
        Assert.Equal((HttpStatusCode.OK, "application/x-msts-webfeed-login"), (given.StatusCode, given.Content.Headers.ContentType?.MediaType));
        var ticket = await given.Content.ReadAsStringAsync();
        Assert.DoesNotContain("Set-Cookie", given.Headers.Select(h => h.Key));
        using (var answered = await client.GetWithCookieAsync(NativeClientDoor.FeedPath, ticket))
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);

        // The cookie is good for a while, and as it was given.
        using (var changed = await client.GetWithCookieAsync(NativeClientDoor.FeedPath, ticket[..^2] + (ticket[^2..] == "00" ? "01" : "00")))
            Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        using (var nonsense = await client.GetWithCookieAsync(NativeClientDoor.FeedPath, "zz"))
            Assert.Equal(HttpStatusCode.Redirect, nonsense.StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        using (var late = await client.GetWithCookieAsync(NativeClientDoor.FeedPath, ticket))
            Assert.Equal(HttpStatusCode.Redirect, late.StatusCode);
    }

    [Fact]
    public async Task The_short_address_leads_to_the_feed()
    {
        using var browser = app.OpenBrowser();
        using var answer = await browser.Client.GetAsync("/feed");
        Assert.Equal((HttpStatusCode.Redirect, NativeClientDoor.FeedPath), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_name_is_taken_with_a_domain_before_it_and_a_password_however_it_is_grouped()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.2");
        var typed = client.Password.Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant();
        foreach (var name in new[] { $"INSTITUT\\{person.UserName}", $"{person.UserName}@institut.example", person.UserName.ToUpperInvariant() })
        {
            using var same = new FeedPeer(app, name, typed, "127.0.2.2");
            await same.ListAsync();
        }
    }

    [Fact]
    public async Task Wrong_passwords_are_slowed_and_say_nothing_and_make_nobody_wait_elsewhere()
    {
        const string From = "127.0.2.3";
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: From);
        using var wrong = new FeedPeer(app, person.UserName, "aaaaa-bbbbb-ccccc-ddddd-eeeee", From);
        using var unknown = new FeedPeer(app, "personne", "aaaaa-bbbbb-ccccc-ddddd-eeeee", "127.0.2.4");
        using var own = new FeedPeer(app, person.UserName, TestPeople.Password, "127.0.2.5");
        using var a = await wrong.GetAsync(NativeClientDoor.FeedPath);
        using var b = await unknown.GetAsync(NativeClientDoor.FeedPath);
        using var c = await own.GetAsync(NativeClientDoor.FeedPath);
        Assert.Equal((401, 401, 401), ((int)a.StatusCode, (int)b.StatusCode, (int)c.StatusCode));
        Assert.Equal(await a.Content.ReadAsStringAsync(), await b.Content.ReadAsStringAsync());
        Assert.Equal(a.Headers.Select(h => h.Key), b.Headers.Select(h => h.Key));
        Assert.Equal(a.Headers.WwwAuthenticate, b.Headers.WwwAuthenticate);

        for (var i = 1; i < 5; i++)
        {
            using var again = await wrong.GetAsync(NativeClientDoor.FeedPath);
            Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        }

        using (var slowed = await wrong.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal((HttpStatusCode.TooManyRequests, true), (slowed.StatusCode, slowed.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        using (var waits = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.TooManyRequests, waits.StatusCode);

        // The same client at another address does not wait, nor does its person at the portal.
        using (var elsewhere = new FeedPeer(app, person.UserName, client.Password, "127.0.2.6"))
            await elsewhere.ListAsync();
        using (await app.SignInAsync(person, From))
        {
        }

        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await client.ListAsync();
        var refused = await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Action == "native-client.refused" && l.Address == From).ToListAsync());
        Assert.Equal(5, refused.Count);
        Assert.All(refused, line => Assert.DoesNotContain("aaaaa", line.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_requests_at_once_of_a_client_that_is_right_never_wait()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.7");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetAsync(NativeClientDoor.FeedPath)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "native-client.used" && l.Address == "127.0.2.7")));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic %%%")]
    [InlineData("Basic YQ==")]
    [InlineData("Basic Og==")]
    [InlineData("Basic AGE6Yg==")]
    [InlineData("Bearer abc")]
    [InlineData("Negotiate TlRMTVNTUAABAAAA")]
    public async Task An_authorization_that_is_none_is_asked_for_anew(string header)
    {
        using var browser = app.OpenBrowser("127.0.2.8");
        using var request = new HttpRequestMessage(HttpMethod.Get, NativeClientDoor.FeedPath);
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var answer = await browser.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (answer.StatusCode, answer.Headers.WwwAuthenticate.Single().Scheme));
    }

    [Fact]
    public async Task The_password_of_a_client_opens_nothing_but_its_feed()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.9");
        foreach (var address in new[] { "/api/workstations", "/api/desktops", "/api/connect/pass" })
        {
            using var answer = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using (var page = await client.GetAsync("/account"))
            Assert.Equal("/sign-in?returnUrl=%2Faccount", page.Headers.Location?.OriginalString);
        using var browser = app.OpenBrowser("127.0.2.9");
        var portal = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person.UserName), ("Password", client.Password));
        Assert.Equal("/sign-in", portal.Path);
    }

    [Fact]
    public async Task A_client_is_out_with_its_person_and_when_it_was_not_used_for_long()
    {
        var (person, other) = (await FeedPeer.PersonAsync(app), await FeedPeer.PersonAsync(app));
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.10");
        using var idle = await FeedPeer.AddAsync(app, other, from: "127.0.2.11");
        await client.ListAsync();
        using var given = await client.GetAsync(SignIn);
        var ticket = await given.Content.ReadAsStringAsync();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        using (var disabled = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.Unauthorized, disabled.StatusCode);
        using (var cookie = await client.GetWithCookieAsync(NativeClientDoor.FeedPath, ticket))
            Assert.Equal(HttpStatusCode.Redirect, cookie.StatusCode);

        await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == other.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, app.Clock.GetUtcNow().AddDays(-31))));
        using (var expired = await idle.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
    }

    [Fact]
    public async Task A_client_for_which_one_factor_was_given_is_refused_where_its_role_asks_for_two()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.12");
        await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.SecondFactor, false)));
        using (var weak = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.Unauthorized, weak.StatusCode);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Roles, [Roles.Staff])));
        await client.ListAsync();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.MustChangePassword, true)));
        using (var pending = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.Unauthorized, pending.StatusCode);
    }
}
