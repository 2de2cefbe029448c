using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Reads the survey sheet into a tree of rows: what begins is ended, every name is one, and the items that rows imply are added.</summary>
internal sealed class SurveyReader(FormSettings settings, ImportLimits limits, FindingList findings)
{
    /// <summary>Rows of csv-external and xml-external.</summary>
    public List<Draft> Files { get; } = [];

    public Draft Read(FormSheet sheet)
    {
        var root = new Draft { Type = new TypeWords(RowKind.BeginGroup, "form"), Name = settings.Root, Origin = new Origin(sheet.Name, 0, 0) };
        var open = new Stack<Draft>();
        open.Push(root);
        foreach (var row in sheet.Rows.Where(row => !row.IsEmpty))
        {
            if (row.Cell(Columns.Disabled) is { Text.Length: > 0 } disabled && Cells.Flag(disabled, findings) == true)
                findings.Add(Say.RowDisabled(disabled.Origin));
            else
                Read(row, open);
        }

        while (open.Count > 1)
        {
            var left = open.Pop();
            findings.Add(Say.NotEnded(left.Origin, left.Type.Word, left.Name));
        }

        Doubles(root);
        return root;
    }

    private void Read(FormRow row, Stack<Draft> open)
    {
        var cell = row.Cell(Columns.Type);
        if (cell.Text.Length == 0)
        {
            findings.Add(Say.RowWithoutType(row.Origin));
            return;
        }

        var type = TypeWords.Parse(cell.Text);
        switch (type.Kind)
        {
            case RowKind.Unknown:
                findings.Add(Say.UnknownType(cell.Origin, cell.Text, findings.Nearest(cell.Text, TypeWords.Known)));
                // It keeps its name, so that what reads it is not reported as well.
                if (row.Cell(Columns.Name).Text.Length > 0)
                    Add(row, cell, new TypeWords(RowKind.Question, "hidden", QuestionType.Hidden), open);
                break;
            case RowKind.Unsupported:
                findings.Add(Say.UnsupportedType(cell.Origin, cell.Text));
                break;
            case RowKind.EndGroup or RowKind.EndRepeat:
                End(cell, type, open);
                break;
            case RowKind.BeginGroup or RowKind.BeginRepeat when open.Count > limits.Depth:
                findings.Add(Say.TooDeep(cell.Origin, limits.Depth));
                break;
            default:
                Add(row, cell, type, open);
                break;
        }
    }

    private void End(FormCell cell, TypeWords type, Stack<Draft> open)
    {
        var top = open.Peek();
        if (open.Count == 1)
            findings.Add(Say.NothingToEnd(cell.Origin, type.Word));
        else if (top.IsRepeat != (type.Kind == RowKind.EndRepeat))
            findings.Add(Say.EndsAnother(cell.Origin, type.Word, top.Type.Word, top.Name, top.Origin));
        if (open.Count > 1)
            open.Pop();
    }

    private void Add(FormRow row, FormCell cell, TypeWords type, Stack<Draft> open)
    {
        var name = row.Cell(Columns.Name);
        var text = name.Text;
        // Like pyxform, a note needs no name: nobody answers it.
        if (text.Length == 0 && type.Question == QuestionType.Note)
            text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"generated_note_name_{row.Number}");
        if (text.Length == 0)
        {
            findings.Add(Say.WithoutName(row.Origin, type.Word));
            text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"unnamed_{row.Number}");
        }
        else if (!FormName.IsValid(text))
        {
            findings.Add(Say.BadName(name.Origin, text, FormName.From(text)));
        }

        var parent = open.Peek();
        var draft = new Draft
        {
            Type = type, Name = text, Origin = cell.Origin, Row = row, Parent = parent,
            HasNode = !(settings.Flat && type.Kind == RowKind.BeginGroup),
        };
        if (type.Kind == RowKind.ExternalFile)
        {
            Files.Add(draft);
            return;
        }

        Before(draft, parent);
        parent.Children.Add(draft);
        After(draft, parent);
        if (draft.IsGroup || draft.IsRepeat)
            open.Push(draft);
    }

    /// <summary>The items that a row adds in front of itself: a computed count and a recorded order.</summary>
    private static void Before(Draft draft, Draft parent)
    {
        var count = draft.Row!.Cell(Columns.RepeatCount);
        if (draft.IsRepeat && count.Text.Length > 0 && !IsName(count.Text))
            parent.Children.Add(Added(draft, draft.Name + "_count", QuestionType.Calculate, calculation: (count.Text, count.Origin)));
        if (draft.Row.Cell(Columns.Order).Text.ToLowerInvariant() is "random" or "rotate")
            parent.Children.Add(Added(draft, draft.Name + "_order", QuestionType.Hidden));
    }

    /// <summary>The items that a row adds behind itself: a time stamp and "specify other".</summary>
    private static void After(Draft draft, Draft parent)
    {
        if (Flag.Read(draft.Row!.Cell(Columns.Timestamp).Text) == true)
            parent.Children.Add(Added(draft, draft.Name + "_time", QuestionType.Hidden));
        if (draft.Type.OrOther)
            parent.Children.Add(Added(draft, draft.Name + "_other", QuestionType.Text, relevant: ($"selected(../{draft.Name}, 'other')", draft.Origin)));
    }

    private static Draft Added(Draft by, string name, QuestionType type, (string Text, Origin Origin)? calculation = null, (string Text, Origin Origin)? relevant = null) => new()
    {
        Type = new TypeWords(RowKind.Question, type switch { QuestionType.Text => "text", QuestionType.Calculate => "calculate", _ => "hidden" }, type),
        Name = name,
        Origin = by.Origin,
        Parent = by.Parent,
        Calculation = calculation,
        Relevant = relevant,
    };

    /// <summary>Whether a count is nothing but one name.</summary>
    public static bool IsName(string text) =>
        text.StartsWith("${", StringComparison.Ordinal) && text.IndexOf('}', StringComparison.Ordinal) == text.Length - 1;

    /// <summary>Two items of one name under one node would share their path.</summary>
    private void Doubles(Draft root)
    {
        var seen = new Dictionary<string, Draft>(StringComparer.Ordinal);
        Walk(root);

        void Walk(Draft draft)
        {
            foreach (var child in draft.Children)
            {
                if (child.HasNode && !seen.TryAdd(child.Path, child))
                    findings.Add(Say.DoubleName(child.Row?.Cell(Columns.Name).Origin ?? child.Origin, child.Name, seen[child.Path].Origin));
                Walk(child);
            }
        }
    }
}
