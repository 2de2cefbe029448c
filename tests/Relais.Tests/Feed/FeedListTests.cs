using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Tests.Desktops;

namespace Relais.Tests.Feed;

/// <summary>What a feed says, over real HTTP.</summary>
public sealed class FeedListTests(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task A_feed_lists_exactly_what_its_person_may_open_by_RDP()
    {
        var (person, other) = (await FeedPeer.PersonAsync(app), await app.AddPersonAsync());
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var mine = await EnrolAsync(administrator, person, "poste-a-moi");
        var lent = await EnrolAsync(administrator, other, "poste-prete");
        var kept = await EnrolAsync(administrator, person, "poste-sans-nla", w => w.SetProperty(x => x.WantsSignIn, false));
        await EnrolAsync(administrator, person, "poste-sans-compte", w => w.SetProperty(x => x.WantsSignIn, false));
        await EnrolAsync(administrator, other, "poste-d-un-autre");
        await EnrolAsync(administrator, person, "poste-ferme", w => w.SetProperty(x => x.Enabled, false));
        await EnrolAsync(administrator, person, "poste-du-dedans", w => w.SetProperty(x => x.Direct, false));
        await EnrolAsync(administrator, person, "poste-enregistre", w => w.SetProperty(x => x.Recording, RecordingPolicy.Mandatory));
        await EnrolAsync(administrator, person, "poste-au-port-ferme", w => w.SetProperty(x => x.Port, 23));
        await EnrolAsync(administrator, person, "serveur-ssh", w => w.SetProperty(x => x.Protocol, TargetProtocol.Ssh));
        await app.InDesktopsAsync(async db =>
        {
            db.Desktops.WorkstationAccounts.Add(new WorkstationAccount { WorkstationId = kept, PersonId = person.Id, UserName = "anne", Secret = "" });
            db.Desktops.WorkstationAsks.Add(new WorkstationAsk { Id = Guid.NewGuid(), PersonId = person.Id, WorkstationId = lent, Wanted = "poste-prete", Reason = "", Until = app.Clock.GetUtcNow().AddHours(1) });
            return await db.Desktops.SaveChangesAsync();
        });

        using var client = await FeedPeer.AddAsync(app, person);
        Assert.Equal(["poste-a-moi", "poste-prete", "poste-sans-nla"], (await client.EntriesAsync()).Keys.Order(StringComparer.Ordinal));

        // What was lent is over, and what is somebody else's is as if it did not exist.
        app.Clock.Advance(TimeSpan.FromHours(2));
        var entries = await client.EntriesAsync();
        Assert.Equal(["poste-a-moi", "poste-sans-nla"], entries.Keys.Order(StringComparer.Ordinal));
        using var gone = await client.GetAsync(FeedPeer.AddressOf(entries["poste-a-moi"]).Replace(mine.ToString(), lent.ToString(), StringComparison.Ordinal));
        using var never = await client.GetAsync(FeedPeer.AddressOf(entries["poste-a-moi"]).Replace(mine.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (gone.StatusCode, never.StatusCode));
        Assert.Equal(await never.Content.ReadAsStringAsync(), await gone.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unchanged_feed_gives_the_same_times_and_is_not_sent_again()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var changed = await EnrolAsync(administrator, person, "poste-renomme");
        await EnrolAsync(administrator, person, "poste-stable");
        using var client = await FeedPeer.AddAsync(app, person);
        using var first = await client.GetAsync(NativeClientDoor.FeedPath);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        using var second = await client.GetAsync(NativeClientDoor.FeedPath);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.NotNull(first.Headers.ETag);
        using (var unchanged = await client.GetAsync(NativeClientDoor.FeedPath, unless: first.Headers.ETag))
            Assert.Equal((HttpStatusCode.NotModified, ""), (unchanged.StatusCode, await unchanged.Content.ReadAsStringAsync()));

        var before = await client.EntriesAsync();
        using var file = await client.GetAsync(FeedPeer.AddressOf(before["poste-stable"]));
        using (var unchanged = await client.GetAsync(FeedPeer.AddressOf(before["poste-stable"]), unless: file.Headers.ETag))
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == changed).ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, "poste-autrement")));
        var after = await client.EntriesAsync();
        Assert.Equal(TimeOf(before["poste-stable"]), TimeOf(after["poste-stable"]));
        Assert.True(TimeOf(after["poste-autrement"]) > TimeOf(before["poste-renomme"]));
        Assert.Equal(before["poste-renomme"].Attribute("ID")?.Value, after["poste-autrement"].Attribute("ID")?.Value);
        using (var changedNow = await client.GetAsync(NativeClientDoor.FeedPath, unless: first.Headers.ETag))
            Assert.Equal(HttpStatusCode.OK, changedNow.StatusCode);

        // An entry that goes changes the list, and no other entry.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var withBoth = await client.ListAsync();
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == changed).ExecuteUpdateAsync(set => set.SetProperty(w => w.Enabled, false)));
        var withOne = await client.ListAsync();
        Assert.True(TimeOf(Publisher(withOne)) > TimeOf(Publisher(withBoth)));
        Assert.Equal(TimeOf(before["poste-stable"]), TimeOf(withOne.Descendants(FeedPeer.Namespace + "Resource").Single()));
    }

    [Fact]
    public async Task A_client_that_reads_more_gets_more()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        await EnrolAsync(administrator, person, "Poste de la <b>régie</b>");
        using var client = await FeedPeer.AddAsync(app, person);
        using var old = await client.GetAsync(NativeClientDoor.FeedPath);
        using var recent = await client.GetAsync(NativeClientDoor.FeedPath, FeedPeer.Two);
        Assert.Equal(("text/xml", "application/x-msts-radc+xml"), (old.Content.Headers.ContentType?.MediaType, recent.Content.Headers.ContentType?.MediaType));
        var list = await client.ListAsync(FeedPeer.Two);
        Assert.Equal(("2.0", "Poste de la <b>régie</b>"), (list.Root?.Attribute("SchemaVersion")?.Value, list.Descendants(FeedPeer.Namespace + "Resource").Single().Attribute("Title")?.Value));
        Assert.Equal("localhost", Publisher(list).Attribute("ID")?.Value);
    }

    [Fact]
    public async Task Every_picture_of_the_list_is_there()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        await EnrolAsync(administrator, person, "poste-illustre");
        using var client = await FeedPeer.AddAsync(app, person);
        var icons = (await client.ListAsync()).Descendants().Select(e => e.Attribute("FileURL")?.Value).OfType<string>().ToList();
        Assert.Equal(3, icons.Count);
        foreach (var icon in icons.Append("/rdweb/feed/icons/desktop.ico").Append("/rdweb/feed/icons/desktop-256.png"))
        {
            using var answer = await client.GetAsync(icon);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            byte[] begins = icon.EndsWith(".png", StringComparison.Ordinal) ? [0x89, (byte)'P', (byte)'N', (byte)'G'] : [0, 0, 1, 0, 2, 0, 32, 32];
            Assert.Equal(begins, bytes[..begins.Length]);
        }

        using var none = await client.GetAsync("/rdweb/feed/icons/..%2fsettings.json");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_file_asks_for_no_redirection_and_holds_a_token_that_the_server_does_not_know()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await EnrolAsync(administrator, person, "poste-sobre", w => w.SetProperty(x => x.Clipboard, ClipboardPolicy.None));
        using var client = await FeedPeer.AddAsync(app, person);
        var (first, again) = (await client.FileAsync("poste-sobre"), await client.FileAsync("poste-sobre"));
        var text = Encoding.Unicode.GetString(first);
        foreach (var line in new[] { "redirectdrives:i:0", "redirectprinters:i:0", "redirectclipboard:i:0", "gatewaycredentialssource:i:5", $"gatewayhostname:s:localhost:{app.Address.Port}", "full address:s:poste-sobre", "signature:s:" })
            Assert.Contains($"{line}", text, StringComparison.Ordinal);
        Assert.Equal(FeedPeer.TokenOf(first), FeedPeer.TokenOf(again));
        var row = await app.InDesktopsAsync(db => db.Gateway.FeedFiles.AsNoTracking().SingleAsync(f => f.TargetId == id));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(FeedPeer.TokenOf(first))), row.PassedHash);

        // Another client of the same person has another one.
        using var second = await FeedPeer.AddAsync(app, person, "Téléphone");
        Assert.NotEqual(FeedPeer.TokenOf(first), await second.TokenAsync("poste-sobre"));
    }

    private async Task<Guid> EnrolAsync(
        Browser administrator, TestPerson owner, string name, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Workstation>>? change = null)
    {
        var id = await administrator.EnrolAsync(new { name, host = "127.0.0.9", owner = owner.UserName });
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.WantsSignIn, true).SetProperty(w => w.Direct, true)));
        if (change is not null)
            await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).ExecuteUpdateAsync(change));
        return id;
    }

    private static DateTime TimeOf(XElement entry) => (DateTime)entry.Attribute("LastUpdated")!;

    private static XElement Publisher(XDocument list) => list.Descendants(FeedPeer.Namespace + "Publisher").Single();
}
