using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Traffic.Markers;

/// <summary>How the naming of a moment ended.</summary>
internal abstract record MarkerResult
{
    private MarkerResult()
    {
    }

    public sealed record Added(EventMarker Marker) : MarkerResult;

    /// <param name="Field">"Name" or "At".</param>
    /// <param name="Code">A key of the texts, after "Fault.".</param>
    public sealed record Refused(string Field, string Code) : MarkerResult;
}

/// <summary>Names moments and takes the names back; what is shown follows at once on this node, within seconds on others.</summary>
internal sealed class EditMarkers(TrafficDb db, ShownMarkers shown, IOptions<PlaceOptions> place, TimeProvider clock)
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm";

    private const int MostShown = 100;
    private const int MostDrawn = 12;
    private static readonly string[] Times = [TimeFormat, "yyyy-MM-dd'T'HH:mm:ss"];
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(400);

    /// <summary>Those to come and those that were, the latest first.</summary>
    public Task<List<EventMarker>> LatestAsync(CancellationToken cancel) =>
        db.Markers.AsNoTracking().OrderByDescending(m => m.At).ThenBy(m => m.Id).Take(MostShown).ToListAsync(cancel);

    /// <summary>Those of a time, at most so many that their names can be read.</summary>
    /// <param name="from">Seconds since 1970, UTC.</param>
    /// <param name="to">Not in it.</param>
    public async Task<IReadOnlyList<ShownMarker>> BetweenAsync(long from, long to, CancellationToken cancel)
    {
        var (first, end) = (DateTimeOffset.FromUnixTimeSeconds(from), DateTimeOffset.FromUnixTimeSeconds(to));
        var rows = await db.Markers.AsNoTracking().Where(m => m.At >= first && m.At < end).OrderByDescending(m => m.At).Take(MostDrawn).ToListAsync(cancel);
        return [.. rows.Select(r => new ShownMarker(r.At.ToUnixTimeSeconds(), r.Name))];
    }

    /// <param name="at">Local time at the institute, <see cref="TimeFormat"/>; nothing for now.</param>
    public async Task<MarkerResult> AddAsync(string? name, string? at, Actor actor, CancellationToken cancel)
    {
        var (called, now) = (name?.Trim() ?? "", clock.GetUtcNow());
        if (called.Length is 0 or > EventMarker.LongestName || called.Any(char.IsControl))
            return new MarkerResult.Refused("Name", called.Length == 0 ? "empty" : "name");
        if (Moment(at, now) is not { } moment || (moment - now).Duration() > Farthest)
            return new MarkerResult.Refused("At", "moment");
        var marker = new EventMarker { Id = Guid.CreateVersion7(now), Name = called, At = moment, MadeBy = actor.Name, CreatedAt = now };
        db.Markers.Add(marker);
        db.Audit(clock, actor, "traffic-marker.added", $"traffic-marker:{marker.Id}", called, new { at = moment });
        await db.SaveChangesAsync(cancel);
        shown.Forget();
        return new MarkerResult.Added(marker);
    }

    /// <returns>Its name; null when there is no such marker.</returns>
    public async Task<string?> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Markers.SingleOrDefaultAsync(m => m.Id == id, cancel) is not { } marker)
            return null;
        db.Markers.Remove(marker);
        db.Audit(clock, actor, "traffic-marker.removed", $"traffic-marker:{marker.Id}", marker.Name, new { at = marker.At });
        await db.SaveChangesAsync(cancel);
        shown.Forget();
        return marker.Name;
    }

    private DateTimeOffset? Moment(string? at, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(at))
            return now;
        if (!DateTime.TryParseExact(at, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone);
        // A time that clocks step over is the one after it.
        var real = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(real, zone.GetUtcOffset(real)).ToUniversalTime();
    }
}
