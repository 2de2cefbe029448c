using System.Globalization;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Reads what XLSForm does not have: the <c>relais::</c> columns of a question, and the listening day.</summary>
internal sealed class Extensions(Names names, Texts texts, ChoiceBuilder choices, FindingList findings)
{
    public FormQuestion Read(FormQuestion question, Draft draft, FormRow row)
    {
        var check = row.Cell(Columns.Check);
        var message = texts.Read(row, Columns.CheckMessage, draft);
        if (check.Text.Length == 0 && message is not null)
            findings.Add(Say.MessageWithoutCheck(message.Translations[0].Origin));
        if (question.Choices is null && row.Cell(Columns.Order) is { Text.Length: > 0 } order)
            findings.Add(Say.NotForType(order.Origin, Columns.Order, draft.Type.Word));

        return question with
        {
            Instruction = texts.Read(row, Columns.Instruction, draft),
            Read = Cells.Read(row.Cell(Columns.Read), findings),
            Checks = check.Text.Length > 0 ? [new SoftCheck(names.Expression(check, draft), message)] : [],
            Anchor = Cells.Anchor(row.Cell(Columns.Anchor), findings),
            Disposition = Cells.Word(row.Cell(Columns.Disposition), findings),
            Quota = Quota(row.Cell(Columns.Quota), draft, findings),
            TimestampPath = Cells.Flag(row.Cell(Columns.Timestamp), findings) == true ? $"{draft.Parent!.Path}/{draft.Name}_time" : null,
            ListeningDay = question.Type == QuestionType.ListeningDay ? Day(question.Parameters, row.Cell(Columns.Parameters)) : null,
        };
    }

    private static string? Quota(FormCell cell, Draft draft, FindingList findings) => Flag.Read(cell.Text) switch
    {
        true => draft.Name,
        false => null,
        _ => Cells.Word(cell, findings),
    };

    private ListeningDay Day(IReadOnlyList<NamedValue> parameters, FormCell cell)
    {
        var stations = ChoiceBuilder.Parameter(parameters, "stations");
        if (stations is null)
            findings.Add(Say.DayWithoutStations(cell.Origin));
        var first = Minutes("first", 5 * 60);
        var last = Minutes("last", first + (24 * 60));
        var slot = int.TryParse(ChoiceBuilder.Parameter(parameters, "slot") ?? "15", NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0;
        if (slot is not (5 or 10 or 15 or 30 or 60))
            findings.Add(Say.BadValue(cell.Origin, "slot", "5, 10, 15, 30, 60"));
        else if (first >= 1440 || last <= first || last > first + 1440 || (last - first) % slot != 0)
            findings.Add(Say.DayHours(cell.Origin));

        return new ListeningDay(List("stations") ?? "", first, last, slot, List("places"), List("devices"), List("moments"));

        string? List(string name)
        {
            var list = ChoiceBuilder.Parameter(parameters, name);
            if (list is not null)
                choices.Use(list, cell.Origin);
            return list;
        }

        int Minutes(string name, int otherwise)
        {
            if (ChoiceBuilder.Parameter(parameters, name) is not { } text)
                return otherwise;
            if (TimeOfDay.Minutes(text) is { } value)
                return value;
            findings.Add(Say.BadValue(cell.Origin, text, "HH:mm"));
            return otherwise;
        }
    }
}

/// <summary>Times of a day that may run past midnight.</summary>
internal static class TimeOfDay
{
    /// <summary>Minutes after midnight of <c>H:mm</c>, 0:00 to 48:00; null when it is no such time.</summary>
    public static int? Minutes(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at is 1 or 2 && text.Length == at + 3
            && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && minutes < 60 && (hours * 60) + minutes <= 2880 ? (hours * 60) + minutes : null;
    }
}
