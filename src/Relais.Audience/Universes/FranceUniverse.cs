using System.Globalization;

namespace Relais.Audience.Universes;

/// <summary>
/// Metropolitan France, people aged 13 and over in 2026, by sex and age class and by region: the universe that ships with the product. Sex and age are
/// INSEE's; regions' populations of all ages are brought to the same sum.
/// </summary>
internal static class FranceUniverse
{
    public const string Name = "France métropolitaine, 13 ans et plus";

    public const string Source =
        "INSEE, population par sexe et âge au 1er janvier 2026 (fichiers repris par healthexpectancies, EUPL-1.2) ; régions : populations légales du découpage administratif d’Etalab 6.0.0 (Licence Ouverte 2.0), tous âges, ramenées à la même somme.";

    public static readonly DateOnly Date = new(2026, 1, 1);

    /// <summary>Classes by their first age.</summary>
    public static readonly IReadOnlyList<(int From, string Name)> Ages = [(13, "13-24"), (25, "25-34"), (35, "35-49"), (50, "50-64"), (65, "65+")];

    public static IReadOnlyList<MarginTotal> Margins { get; } = Read();

    private static List<MarginTotal> Read()
    {
        var cells = Lines("population.csv")
            .Select(p => (Sex: p[1] == "M" ? "H" : p[1], Age: int.Parse(p[2], CultureInfo.InvariantCulture), People: double.Parse(p[3], CultureInfo.InvariantCulture)))
            .Where(p => p.Age >= Ages[0].From)
            .GroupBy(p => $"{p.Sex}*{Ages.Last(a => p.Age >= a.From).Name}", StringComparer.Ordinal)
            .Select(g => new MarginTotal("sex*age", g.Key, g.Sum(p => p.People))).OrderBy(m => m.Level, StringComparer.Ordinal).ToList();
        var regions = Lines("regions.csv").Where(p => p[2] == "metro").Select(p => (Name: p[1], People: double.Parse(p[3], CultureInfo.InvariantCulture))).ToList();
        var scale = cells.Sum(c => c.Total) / regions.Sum(r => r.People);
        return [.. cells, .. regions.Select(r => new MarginTotal("region", r.Name, r.People * scale))];
    }

    private static IEnumerable<string[]> Lines(string file)
    {
        using var text = new StreamReader(typeof(FranceUniverse).Assembly.GetManifestResourceStream($"Relais.Audience.France.{file}")
            ?? throw new InvalidOperationException($"{file} is not in the program."));
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.TrimEnd('\r').Split(','))];
    }
}
