using Microsoft.EntityFrameworkCore;

namespace Relais.Desktops.Bundles;

/// <summary>A bundle with all that is known of it.</summary>
/// <param name="Hash">Name of the content that its definition stands for now.</param>
/// <param name="Versions">What was built and is still there, the latest first.</param>
/// <param name="Desktops">How many desktops are made from it, by version; "" for those whose root is yet to be made.</param>
internal sealed record BundleView(
    Bundle Bundle, string Hash, BundleRow Row, IReadOnlyList<BundleVersion> Versions, IReadOnlyDictionary<string, int> Desktops)
{
    /// <summary>Whether the definition as it stands was built.</summary>
    public bool IsBuilt => Versions.Any(v => v.Hash == Hash);

    public int Behind => Row.Target is { } target ? Desktops.Where(d => d.Key.Length > 0 && d.Key != target).Sum(d => d.Value) : 0;
}

internal sealed class ListBundles(DesktopsDb db, BundleCatalog catalog)
{
    public async Task<(IReadOnlyList<BundleView> Bundles, IReadOnlyList<BundleFault> Faults)> HandleAsync(CancellationToken cancel)
    {
        var (bundles, faults) = catalog.Read();
        var rows = await db.Bundles.AsNoTracking().ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancel);
        var versions = (await db.BundleVersions.AsNoTracking().OrderByDescending(v => v.BuiltAt).ToListAsync(cancel)).Where(BundleImages.IsThere).ToLookup(v => v.Bundle, StringComparer.Ordinal);
        var desktops = (await db.Desktops.GroupBy(d => new { d.Bundle, d.Image }).Select(g => new { g.Key.Bundle, g.Key.Image, Count = g.Count() }).ToListAsync(cancel))
            .ToLookup(d => d.Bundle, StringComparer.Ordinal);
        return (
        [
            .. bundles.Select(b => new BundleView(
                b, catalog.HashOf(b), rows.GetValueOrDefault(b.Name) ?? new BundleRow { Name = b.Name }, [.. versions[b.Name]],
                desktops[b.Name].ToDictionary(d => d.Image ?? "", d => d.Count, StringComparer.Ordinal))),
        ], faults);
    }
}
