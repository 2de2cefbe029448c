using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;
using Relais.Traffic.Explore;

namespace Relais.Traffic.Links;

/// <summary>What a researcher says of a new link.</summary>
/// <param name="Kind">"wall", "channel", or the id of a saved view.</param>
/// <param name="Hosts">Separated by spaces; empty: no page may show it in a frame.</param>
internal sealed record LinkFields(string? Name, string? Kind, string? Channel, string? Hosts, int Days);

internal abstract record LinkMade
{
    private LinkMade()
    {
    }

    /// <param name="Token">Shown in this answer and never again.</param>
    public sealed record Made(PublicLink Link, string Token) : LinkMade;

    /// <param name="Field">"Name", "Kind", "Channel", "Hosts" or "Days".</param>
    /// <param name="Code">A key of the texts, after "Fault.".</param>
    public sealed record Refused(string Field, string Code) : LinkMade;
}

/// <summary>Makes public links and ends them.</summary>
internal sealed class EditLinks(TrafficDb db, KnownLinks known, TimeProvider clock)
{
    public const string Wall = "wall";
    public const string Channel = "channel";
    private const int LongestChannel = 64;
    private const int MostLive = 500;

    /// <summary>Those that stand first, then those that ended.</summary>
    public Task<List<PublicLink>> ListAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.Links.AsNoTracking().OrderBy(l => l.RevokedAt != null || l.ExpiresAt <= now).ThenByDescending(l => l.CreatedAt).Take(MostLive).ToListAsync(cancel);
    }

    /// <summary>Views that a link may show: one's own, and those for all.</summary>
    public Task<List<SavedView>> ViewsAsync(Guid person, CancellationToken cancel) =>
        db.Views.AsNoTracking().Where(v => v.PersonId == person || v.Shared).OrderBy(v => v.Name).Take(100).ToListAsync(cancel);

    public async Task<LinkMade> MakeAsync(LinkFields fields, Guid person, Actor actor, CancellationToken cancel)
    {
        var named = fields.Name?.Trim() ?? "";
        if (named.Length is 0 or > PublicLink.LongestName || named.Any(char.IsControl))
            return new LinkMade.Refused("Name", named.Length == 0 ? "empty" : "name");
        if (fields.Days is < 1 or > PublicLink.LongestDays)
            return new LinkMade.Refused("Days", "days");
        var hosts = (fields.Hosts ?? "").Split([' ', ',', ';', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (hosts.Length > PublicLink.MostHosts || !hosts.All(IsHost))
            return new LinkMade.Refused("Hosts", "embed-hosts");
        var channel = fields.Channel?.Trim() ?? "";
        if (fields.Kind == Channel && (channel.Length is 0 or > LongestChannel || channel.Any(char.IsControl)))
            return new LinkMade.Refused("Channel", channel.Length == 0 ? "empty" : "channel");
        if (await TargetAsync(fields.Kind, channel, person, cancel) is not (var kind, var target))
            return new LinkMade.Refused("Kind", "link-kind");
        var now = clock.GetUtcNow();
        if (await db.Links.CountAsync(l => l.RevokedAt == null && l.ExpiresAt > now, cancel) >= MostLive)
            return new LinkMade.Refused("Name", "too-many-links");

        var token = PublicLink.NewToken();
        var link = new PublicLink
        {
            Id = Guid.CreateVersion7(now), Name = named, Kind = kind, Target = target, Hash = PublicLink.HashOf(token), Hint = PublicLink.HintOf(token),
            Hosts = hosts, MadeBy = actor.Name, CreatedAt = now, ExpiresAt = now.AddDays(fields.Days),
        };
        db.Links.Add(link);
        db.Audit(clock, actor, "traffic-link.made", Subject(link), named, new { link.Hint, shows = kind == LinkKind.Wall ? Wall : target, link.ExpiresAt, hosts = string.Join(' ', hosts) });
        await db.SaveChangesAsync(cancel);
        known.Forget();
        return new LinkMade.Made(link, token);
    }

    /// <returns>Its name; null when there is no such link.</returns>
    public async Task<string?> RevokeAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Links.SingleOrDefaultAsync(l => l.Id == id, cancel) is not { } link)
            return null;
        if (link.RevokedAt is null)
        {
            link.RevokedAt = clock.GetUtcNow();
            db.Audit(clock, actor, "traffic-link.revoked", Subject(link), link.Name, new { link.Hint });
            await db.SaveChangesAsync(cancel);
            known.Forget();
        }

        return link.Name;
    }

    private static string Subject(PublicLink link) => $"traffic-link:{link.Id}";

    // With a port, or without. Nothing that the policy of a document could read as another word.
    private static bool IsHost(string text) => text.Length <= 253 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':')
        && Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var address) && address.Authority.Length > 0 && Uri.CheckHostName(address.Host) is UriHostNameType.Dns or UriHostNameType.IPv4;

    private async Task<(LinkKind, string)?> TargetAsync(string? kind, string channel, Guid person, CancellationToken cancel) => kind switch
    {
        Wall => (LinkKind.Wall, ""),
        Channel => (LinkKind.Channel, channel),
        _ when Guid.TryParse(kind, out var view) && (await ViewsAsync(person, cancel)).Find(v => v.Id == view) is { } found => (LinkKind.View, found.Query),
        _ => null,
    };
}
