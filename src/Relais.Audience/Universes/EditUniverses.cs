using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;
using Relais.Kernel.Audit;

namespace Relais.Audience.Universes;

internal abstract record UniverseResult
{
    private UniverseResult() { }

    public sealed record Saved(Guid Id, int Version) : UniverseResult;

    public sealed record FieldRefused(string Field, string Code) : UniverseResult;

    public sealed record FileRefused(ImportFaults Faults) : UniverseResult;
}

/// <summary>Adds versions of universes. None is ever changed.</summary>
internal sealed class EditUniverses(AudienceDb db, TimeProvider clock)
{
    public async Task<UniverseResult> AddAsync(string? name, string? source, DateOnly? date, Func<Stream> file, Actor actor, CancellationToken cancel)
    {
        if (name?.Trim() is not { Length: > 0 and <= Universe.NameLength } title)
            return new UniverseResult.FieldRefused("Name", "name");
        if (source?.Trim() is not { Length: > 0 and <= Universe.SourceLength } origin)
            return new UniverseResult.FieldRefused("Source", "source");
        if (date is not { } day)
            return new UniverseResult.FieldRefused("Date", "day");
        var faults = new ImportFaults();
        return ReadMargins.From(file, faults, cancel) is { } margins
            ? await AddAsync(title, origin, day, margins, actor, cancel)
            : new UniverseResult.FileRefused(faults);
    }

    public async Task<UniverseResult> AddAsync(string name, string source, DateOnly date, IReadOnlyList<MarginTotal> margins, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var version = 1 + (await db.Universes.Where(u => u.Name == name).MaxAsync(u => (int?)u.Version, cancel) ?? 0);
        var universe = new Universe
        {
            Id = Guid.CreateVersion7(now), Name = name, Version = version, Source = source, Date = date, AddedAt = now, AddedByName = actor.Name,
            Margins = AudienceJson.Write(margins),
        };
        db.Universes.Add(universe);
        db.Audit(clock, actor, "universe.added", $"universe:{universe.Id}", name, new { version, date, totals = margins.Count });
        await db.SaveChangesAsync(cancel);
        return new UniverseResult.Saved(universe.Id, version);
    }
}
