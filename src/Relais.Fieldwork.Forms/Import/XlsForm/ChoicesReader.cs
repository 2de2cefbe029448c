using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Reads the sheets choices and external_choices into lists.</summary>
internal sealed class ChoicesReader(FormSettings settings, Texts texts, Draft root, FindingList findings)
{
    private readonly Dictionary<string, List<Choice>> _lists = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Dictionary<(string List, string Name), Origin> _seen = [];

    /// <summary>The names of the lists.</summary>
    public IReadOnlySet<string> Names => _order.ToHashSet(StringComparer.Ordinal);

    public void Read(FormSheet sheet)
    {
        var list = "";
        foreach (var row in sheet.Rows.Where(row => !row.IsEmpty))
        {
            var cell = row.Cell(Columns.ListName);
            list = cell.Text;
            var name = row.Cell(Columns.Name);
            if (list.Length == 0)
                findings.Add(Say.ChoiceWithoutList(cell.Origin));
            else if (name.Text.Length == 0)
                findings.Add(Say.ChoiceWithoutName(row.Origin, list));
            else
                Add(row, list, name);
        }
    }

    /// <summary>The lists, in the order of their first choice.</summary>
    /// <param name="withOther">Lists that "other" is added to, and what asked for it.</param>
    public IReadOnlyList<ChoiceList> Lists(IReadOnlyDictionary<string, Origin> withOther) => [.. _order.Select(name =>
    {
        var choices = _lists[name];
        if (withOther.TryGetValue(name, out var origin) && choices.All(choice => choice.Name != "other"))
            choices = [.. choices, new Choice("other", texts.Own("Autre", "Other", origin), origin) { Anchor = Anchor.Last }];
        return new ChoiceList(name, choices, [.. choices.SelectMany(choice => choice.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal)], choices[0].Origin);
    })];

    private void Add(FormRow row, string list, FormCell name)
    {
        if (!_lists.TryGetValue(list, out var choices))
        {
            if (!FormName.IsValid(list))
                findings.Add(Say.BadName(row.Cell(Columns.ListName).Origin, list, FormName.From(list)));
            _lists[list] = choices = [];
            _order.Add(list);
        }

        if (!_seen.TryAdd((list, name.Text), name.Origin) && !settings.DoubleChoices)
            findings.Add(Say.DoubleChoice(name.Origin, list, name.Text, _seen[(list, name.Text)]));
        if (name.Text.Any(char.IsWhiteSpace))
            findings.Add(Say.ChoiceNameWithBlank(name.Origin, name.Text));
        var label = texts.Read(row, Columns.Label, root);
        if (label is null)
            findings.Add(Say.ChoiceWithoutLabel(row.Origin, name.Text));

        choices.Add(new Choice(name.Text, label, row.Origin)
        {
            Columns = [.. row.Data()],
            DoNotRead = Cells.Flag(row.Cell(Columns.Read), findings) == false,
            Anchor = Cells.Anchor(row.Cell(Columns.Anchor), findings),
            Disposition = Cells.Word(row.Cell(Columns.Disposition), findings),
        });
    }
}
