using System.Globalization;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>The ends and the step of a question of type range.</summary>
public static class RangeBounds
{
    /// <summary>Start, end and step as written; by default 1, 10 and 1, as XLSForm has them. Null when one is no number.</summary>
    public static (decimal Start, decimal End, decimal Step)? Of(FormQuestion question) =>
        Number(question, "start", 1) is { } start && Number(question, "end", 10) is { } end && Number(question, "step", 1) is { } step ? (start, end, step) : null;

    internal static bool AreValid(FormQuestion question) => Of(question) is { } bounds && bounds.Start < bounds.End && bounds.Step > 0;

    private static decimal? Number(FormQuestion question, string name, decimal otherwise)
    {
        var text = question.Parameters.FirstOrDefault(p => p.Name == name)?.Value;
        return text is null ? otherwise : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
