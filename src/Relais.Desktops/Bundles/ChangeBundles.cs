using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Bundles;

/// <summary>An administrator has an image built, or decides which version desktops get and when.</summary>
internal sealed class ChangeBundles(DesktopsDb db, BundleCatalog catalog, BundleImages images, MyDesktop desktops, TimeProvider clock)
{
    private const int MinutesPerDay = 24 * 60;

    /// <returns>Null when it is asked for; else why not, as a key that pages put into words.</returns>
    public async Task<string?> BuildAsync(string bundle, Actor actor, CancellationToken cancel)
    {
        if (catalog.Find(bundle) is not { } definition)
            return "unknown-bundle";
        var row = await images.RowAsync(bundle, cancel);
        if (row.Build is BuildState.Asked or BuildState.Building)
            return null;
        (row.Build, row.BuildStep, row.BuildWords, row.BuildSince) = (BuildState.Asked, 0, null, clock.GetUtcNow());
        db.Audit(clock, actor, "bundle.build-asked", $"bundle:{bundle}", definition.TitleIn(null), new { version = catalog.HashOf(definition) });
        return await SavedAsync(cancel);
    }

    /// <param name="version">One that was built; the way back is an older one.</param>
    /// <param name="from">Minutes after midnight at which the window opens; for <see cref="RollOut.InWindow"/>.</param>
    /// <param name="to">Minutes after midnight at which it closes.</param>
    /// <returns>Null when it is decided; else why not.</returns>
    public async Task<string?> RollOutAsync(string bundle, string version, RollOut rollOut, int from, int to, Actor actor, CancellationToken cancel)
    {
        if (catalog.Find(bundle) is not { } definition)
            return "unknown-bundle";
        var built = await db.BundleVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Bundle == bundle && v.Hash == version, cancel);
        if (built is null || !BundleImages.IsThere(built))
            return "unknown-version";
        if (from is < 0 or >= MinutesPerDay || to is < 0 or >= MinutesPerDay)
            return "window";
        var row = await images.RowAsync(bundle, cancel);
        if (row.Target != version)
            (row.Target, row.TargetSince) = (version, clock.GetUtcNow());
        (row.RollOut, row.WindowFrom, row.WindowTo) = (rollOut, from, to);
        db.Audit(
            clock, actor, "bundle.rolled-out", $"bundle:{bundle}", definition.TitleIn(null), new { version, when = rollOut.ToString().ToLowerInvariant() });
        return await SavedAsync(cancel);
    }

    private async Task<string?> SavedAsync(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Another administrator, or the build, was first.
            return "overtaken";
        }

        await desktops.TellAsync(cancel);
        return null;
    }
}
