using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Feeds;
using Relais.Gateway.Protocols.RdpFiles;

namespace Relais.Gateway.Feed;

/// <summary>One entry of a client's feed, with its file as it is now.</summary>
internal sealed record FeedEntry(NativeResource Resource, RdpFile File, byte[] Fingerprint, DateTimeOffset ChangedAt)
{
    public FeedResource Listed => new(
        $"{Resource.Kind}-{Resource.Id:N}", Resource.Name, ChangedAt, $"{FeedDoor.FilesPath}/{Resource.Kind}/{Resource.Id}.rdp",
        $"{FeedDoor.IconsPath}/{Resource.Picture}.ico", $"{FeedDoor.IconsPath}/{Resource.Picture}-32.png", $"{FeedDoor.IconsPath}/{Resource.Picture}-256.png");
}

/// <summary>What a client may open now, and since when each entry is as it is. Remembers the hashes of the tokens in its files.</summary>
internal sealed class ListFeed(GatewayDb db, IEnumerable<INativeTargets> targets, NativeFile files, TimeProvider clock)
{
    private const string Publisher = "Relais";

    private const string NoteFile = """
        INSERT INTO gateway.feed_file ("ClientId", "Kind", "TargetId", "PersonId", "InspectedHash", "PassedHash", "Fingerprint", "ChangedAt")
        VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7})
        ON CONFLICT ("ClientId", "Kind", "TargetId") DO UPDATE SET "Fingerprint" = excluded."Fingerprint", "ChangedAt" = excluded."ChangedAt"
        WHERE feed_file."Fingerprint" <> excluded."Fingerprint"
        """;

    private const string NoteFeed = """
        INSERT INTO gateway.feed ("ClientId", "Fingerprint", "ChangedAt") VALUES ({0}, {1}, {2})
        ON CONFLICT ("ClientId") DO UPDATE SET "Fingerprint" = excluded."Fingerprint", "ChangedAt" = excluded."ChangedAt"
        WHERE feed."Fingerprint" <> excluded."Fingerprint"
        """;

    public async Task<(ResourceList List, IReadOnlyList<FeedEntry> Entries)> HandleAsync(FeedClient client, HostString reached, CancellationToken cancel)
    {
        var (id, now) = (client.Client.Id.Value, clock.GetUtcNow());
        var drafts = new List<FeedEntry>();
        foreach (var target in targets)
            drafts.AddRange((await target.ListAsync(client.Caller, cancel)).Select(resource => Draft(client, resource, reached, now)));
        foreach (var draft in drafts)
            await NoteAsync(client, draft, cancel);
        var server = files.NameFor(reached);
        await db.Database.ExecuteSqlRawAsync(NoteFeed, [id, FingerprintOf(server, drafts), now], cancel);

        var noted = await db.FeedFiles.AsNoTracking().Where(f => f.ClientId == id).ToDictionaryAsync(f => (f.Kind, f.TargetId), f => f.ChangedAt, cancel);
        var changed = await db.Feeds.Where(f => f.ClientId == id).Select(f => f.ChangedAt).SingleAsync(cancel);
        var entries = drafts.ConvertAll(draft => draft with { ChangedAt = noted[(draft.Resource.Kind, draft.Resource.Id)] });
        return (new ResourceList(Publisher, server, changed, entries.ConvertAll(entry => entry.Listed)), entries);
    }

    private FeedEntry Draft(FeedClient client, NativeResource resource, HostString reached, DateTimeOffset now)
    {
        var token = FeedToken.For(client.Key, resource.Kind, resource.Id, resource.Inspected);
        var file = files.Compose(resource.Kind, resource.Name, resource.Inspected, token, resource.Clipboard, reached);
        // The signature is another one each time, but who signs changes only with the certificate.
        byte[] all = [.. file.Write(), .. Encoding.UTF8.GetBytes(resource.Name), .. files.SignerSha256];
        return new FeedEntry(resource, file, SHA256.HashData(all), now);
    }

    private Task NoteAsync(FeedClient client, FeedEntry entry, CancellationToken cancel)
    {
        var (kind, target) = (entry.Resource.Kind, entry.Resource.Id);
        return db.Database.ExecuteSqlRawAsync(
            NoteFile,
            [
                client.Client.Id.Value, kind, target, client.Client.Person.Id.Value,
                FeedToken.HashOf(FeedToken.For(client.Key, kind, target, inspected: true)),
                FeedToken.HashOf(FeedToken.For(client.Key, kind, target, inspected: false)),
                entry.Fingerprint, entry.ChangedAt,
            ],
            cancel);
    }

    private static byte[] FingerprintOf(string server, List<FeedEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(server));
        foreach (var entry in entries)
        {
            hash.AppendData(entry.Resource.Id.ToByteArray());
            hash.AppendData(entry.Fingerprint);
        }

        return hash.GetHashAndReset();
    }
}
