using Microsoft.Extensions.Options;

namespace Relais.Desktops.Bundles;

/// <summary>
/// The bundles of the folder, read anew at each asking: a definition that was edited counts at once. Bundles without faults, and the faults of the others.
/// </summary>
internal sealed class BundleCatalog(IOptions<DesktopsOptions> options)
{
    private const string FileName = "bundle.json";
    private const int DeepestChain = 8;

    private string Folder => options.Value.Bundles;

    public string BuildScript => Path.Combine(Folder, "build-image.sh");

    public (IReadOnlyList<Bundle> Bundles, IReadOnlyList<BundleFault> Faults) Read()
    {
        List<Bundle> read = [];
        List<BundleFault> faults = [];
        IEnumerable<string> folders = Directory.Exists(Folder) ? Directory.EnumerateDirectories(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal) : [];
        foreach (var name in folders.Where(n => File.Exists(Path.Combine(Folder, n, FileName))))
        {
            var (bundle, found) = ReadOne(name);
            faults.AddRange(found);
            if (bundle is not null)
                read.Add(bundle);
        }

        var wrong = read.Select(b => (Bundle: b, Fault: FaultOfChain(b, read))).Where(b => b.Fault is not null).ToList();
        faults.AddRange(wrong.Select(w => w.Fault).OfType<BundleFault>());
        return ([.. read.Except(wrong.Select(w => w.Bundle))], faults);
    }

    /// <exception cref="InvalidDataException">There is no such bundle, or its definition is wrong; the message says how.</exception>
    public Bundle Get(string name)
    {
        // One file, when it stands alone: pages ask for each desktop's bundle.
        var (bundle, faults) = ReadOne(name);
        if (faults.Count > 0)
            throw new InvalidDataException(faults[0].ToString());
        return bundle ?? throw new InvalidDataException($"there is no bundle {name}");
    }

    public Bundle? Find(string name) => ReadOne(name).Bundle;

    /// <summary>Whole, with what it takes over.</summary>
    /// <exception cref="InvalidDataException">It or a bundle that it extends is wrong.</exception>
    public BundleRecipe RecipeOf(Bundle bundle)
    {
        var chain = ChainOf(bundle, Find) ?? throw new InvalidDataException(new BundleFault(bundle.Name, "extends", "extends", bundle.Extends ?? "").ToString());
        List<string> packages = [];
        foreach (var one in chain)
            packages = [.. packages.Except(one.Without, StringComparer.Ordinal), .. one.Packages.Except(packages, StringComparer.Ordinal)];
        return new BundleRecipe(
            bundle.Name,
            chain.Select(b => b.Base).LastOrDefault(b => b is not null) ?? throw new InvalidDataException($"{bundle.Name} has no base"),
            packages,
            chain.Select(b => b.Locales).LastOrDefault(l => l.Count > 0) ?? [],
            [.. chain.Select(b => Path.Combine(Folder, b.Name, "overlay"))]);
    }

    /// <summary>The name of the content that its image has when it is built now.</summary>
    public string HashOf(Bundle bundle) => RecipeOf(bundle).Hash(File.ReadAllBytes(BuildScript));

    private (Bundle? Bundle, IReadOnlyList<BundleFault> Faults) ReadOne(string name)
    {
        // A name comes from a row or a request: never a path.
        if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\', '.'))
            return (null, []);
        var file = Path.Combine(Folder, name, FileName);
        try
        {
            return File.Exists(file) ? BundleReader.Read(name, File.ReadAllText(file)) : (null, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [new BundleFault(name, "", "unreadable", e.Message)]);
        }
    }

    private static BundleFault? FaultOfChain(Bundle bundle, IReadOnlyList<Bundle> all)
    {
        if (ChainOf(bundle, name => all.FirstOrDefault(b => b.Name == name)) is not { } chain)
            return new BundleFault(bundle.Name, "extends", bundle.Extends == bundle.Name ? "circle" : "extends", bundle.Extends ?? "");
        var before = chain.SkipLast(1).SelectMany(b => b.Packages).ToHashSet(StringComparer.Ordinal);
        return bundle.Without.FirstOrDefault(p => !before.Contains(p)) is { } foreign ? new BundleFault(bundle.Name, "without", "without", foreign) : null;
    }

    // From the one that stands alone to the bundle itself; null when one is missing or they go round in a circle.
    private static List<Bundle>? ChainOf(Bundle bundle, Func<string, Bundle?> find)
    {
        List<Bundle> chain = [bundle];
        while (chain[0].Extends is { } name)
        {
            if (chain.Count >= DeepestChain || chain.Exists(b => b.Name == name) || find(name) is not { } next)
                return null;
            chain.Insert(0, next);
        }

        return chain;
    }
}
