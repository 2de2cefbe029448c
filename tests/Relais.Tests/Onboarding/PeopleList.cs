using System.Globalization;
using System.Text;

namespace Relais.Tests.Onboarding;

/// <summary>A list of people for an institute that is as large as wanted: always the same for one prefix. Groups, call centres, contractors, both languages.</summary>
internal sealed class PeopleList
{
    public const int Groups = 12;
    private const int Sites = 3;
    private const string Head = "identifiant;nom;courriel;groupes;modèle;langue;site;fin de contrat;téléphone;rôles";

    private readonly string[][] _cells;

    public PeopleList(string prefix, int people, int contractors, DateOnly today)
    {
        Prefix = prefix;
        _cells = [.. Enumerable.Range(1, people).Select(n => Cells(n, people / Math.Max(contractors, 1), today))];
    }

    public string Prefix { get; }

    public string GroupOf(int number) => $"{Prefix} équipe {((number - 1) % Groups) + 1}";

    public IEnumerable<string> GroupNames => Enumerable.Range(1, Groups).Select(GroupOf);

    public string UserName(int number) => $"{Prefix}{number:000}";

    /// <summary>The line of a person, as an editor counts: the columns stand on the first.</summary>
    public static int LineOf(int number) => number + 1;

    /// <summary>What stands in a column of a person; null takes the cell away.</summary>
    public PeopleList With(int number, int column, string? value)
    {
        if (value is null)
            _cells[number - 1] = [.. _cells[number - 1].Where((_, at) => at != column)];
        else
            _cells[number - 1][column] = value;
        return this;
    }

    public override string ToString()
    {
        var text = new StringBuilder(Head).Append("\r\n");
        foreach (var cells in _cells)
            text.AppendJoin(';', cells).Append("\r\n");
        return text.ToString();
    }

    private string[] Cells(int n, int contractorEach, DateOnly today)
    {
        var contractor = n % contractorEach == 0;
        return
        [
            UserName(n),
            $"{(n % 2 == 0 ? "Zoé" : "Noël")} Numéro{n:000} {Prefix}",
            $"{UserName(n)}@institut.example",
            n % 10 == 0 ? $"{GroupOf(n)}|{GroupOf(n + 1)}" : GroupOf(n),
            n % 4 == 0 ? "" : "bureau-standard",
            n % 5 == 0 ? "en" : "fr",
            $"{Prefix} centre {(n % Sites) + 1}",
            contractor ? today.AddDays(30 + n).ToString(n % 2 == 0 ? "dd/MM/yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture) : "",
            n % 3 == 0 ? $"+33 3 20 00 {n / 100:00} {n % 100:00}" : "",
            contractor ? "prestataire|enquêteur" : n % 40 == 0 ? "superviseur" : "enquêteur",
        ];
    }
}
