using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Bundles;

/// <summary>Which images were built of each bundle, and which one new roots are made from.</summary>
internal sealed class BundleImages(DesktopsDb db, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    /// <summary>The version that a desktop's root is made from: the one it had, else the one that its bundle is at.</summary>
    /// <exception cref="ImageMissingException">There is none on this machine.</exception>
    public async Task<BundleVersion> ForAsync(Desktop desktop, CancellationToken cancel)
    {
        var versions = await db.BundleVersions.AsNoTracking().Where(v => v.Bundle == desktop.Bundle).ToListAsync(cancel);
        var target = await db.Bundles.AsNoTracking().Where(b => b.Name == desktop.Bundle).Select(b => b.Target).SingleOrDefaultAsync(cancel);
        return versions.Find(v => v.Hash == desktop.Image && IsThere(v))
            ?? versions.Find(v => v.Hash == target && IsThere(v))
            ?? throw new ImageMissingException($"the image of {desktop.Bundle} is not built: relais desktops build {desktop.Bundle}");
    }

    /// <summary>Whether its files are still where they were put.</summary>
    public static bool IsThere(BundleVersion version) => Directory.Exists(version.Folder);

    /// <summary>Notes the images that the launcher built. One that is new is what new roots are made from.</summary>
    public async Task RegisterAsync(CancellationToken cancel)
    {
        foreach (var (bundle, folder) in options.Value.Images)
            await AddAsync(bundle, folder, asTarget: true, cancel);
    }

    /// <summary>Notes an image that was built; does nothing when it is known.</summary>
    /// <param name="asTarget">Whether new roots are made from it from now on. The first one of a bundle is in any case.</param>
    /// <returns>Its version.</returns>
    public async Task<string> AddAsync(string bundle, string folder, bool asTarget, CancellationToken cancel)
    {
        var hash = HashIn(folder);
        var now = clock.GetUtcNow();
        var row = await RowAsync(bundle, cancel);
        var known = await db.BundleVersions.SingleOrDefaultAsync(v => v.Bundle == bundle && v.Hash == hash, cancel);
        if (known is null)
            db.BundleVersions.Add(new BundleVersion { Bundle = bundle, Hash = hash, Folder = folder, SizeBytes = SizeOf(folder), BuiltAt = now });
        else
            known.Folder = folder;
        if (row.Target is null || (asTarget && known is null))
            (row.Target, row.TargetSince) = (hash, now);
        await db.SaveChangesAsync(cancel);
        return hash;
    }

    /// <summary>The row of a bundle, made when there is none yet.</summary>
    public async Task<BundleRow> RowAsync(string bundle, CancellationToken cancel)
    {
        if (await db.Bundles.SingleOrDefaultAsync(b => b.Name == bundle, cancel) is { } found)
            return found;
        var row = new BundleRow { Name = bundle };
        db.Bundles.Add(row);
        return row;
    }

    // The build script ends the folder's name with it.
    private static string HashIn(string folder)
    {
        var name = Path.GetFileName(folder.TrimEnd('/'));
        return name[(name.LastIndexOf('-') + 1)..];
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);
}
