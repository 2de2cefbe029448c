using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Cells that take one of a few words.</summary>
internal static class Cells
{
    public static bool? Flag(FormCell cell, FindingList findings)
    {
        var flag = XlsForm.Flag.Read(cell.Text);
        if (flag is null && cell.Text.Length > 0)
            findings.Add(Say.BadValue(cell.Origin, cell.Text, "yes, no"));
        return flag;
    }

    public static Anchor Anchor(FormCell cell, FindingList findings)
    {
        switch (cell.Text.ToLowerInvariant())
        {
            case "":
                return Definitions.Anchor.None;
            case "first":
                return Definitions.Anchor.First;
            case "last":
                return Definitions.Anchor.Last;
            default:
                findings.Add(Say.BadValue(cell.Origin, cell.Text, "first, last"));
                return Definitions.Anchor.None;
        }
    }

    public static ReadAloud Read(FormCell cell, FindingList findings)
    {
        switch (cell.Text.ToLowerInvariant())
        {
            case "" or "all":
                return ReadAloud.All;
            case "question":
                return ReadAloud.Question;
            case "nothing":
                return ReadAloud.Nothing;
            default:
                findings.Add(Say.BadValue(cell.Origin, cell.Text, "all, question, nothing"));
                return ReadAloud.All;
        }
    }

    public static OrderKind? Order(FormCell cell, FindingList findings)
    {
        switch (cell.Text.ToLowerInvariant())
        {
            case "" or "fixed":
                return null;
            case "random":
                return OrderKind.Random;
            case "rotate":
                return OrderKind.Rotate;
            default:
                findings.Add(Say.BadValue(cell.Origin, cell.Text, "random, rotate, fixed"));
                return null;
        }
    }

    /// <summary>A code such as <c>screened-out</c>; null when the cell is empty.</summary>
    public static string? Word(FormCell cell, FindingList findings)
    {
        if (cell.Text.Length == 0)
            return null;
        if (!FormName.IsValid(cell.Text))
            findings.Add(Say.BadName(cell.Origin, cell.Text, FormName.From(cell.Text)));
        return cell.Text;
    }
}
