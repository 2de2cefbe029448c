using Microsoft.Extensions.Localization;

namespace Relais.Access.Imports;

/// <summary>What an import would do or did, for programs.</summary>
/// <param name="Applied">Whether it was done; false for a check, and when anything is wrong.</param>
internal sealed record ImportReport(
    bool Applied, int Created, int Changed, int Unchanged, IReadOnlyList<ImportReport.Fault> Faults, IReadOnlyList<ImportReport.Line> Changes, IReadOnlyList<string> Absent)
{
    /// <param name="Line">From 1; 0 for the whole file.</param>
    /// <param name="Column">From 1; 0 for the whole line.</param>
    /// <param name="Field">The column's name, or empty.</param>
    /// <param name="Value">What stands there.</param>
    /// <param name="Code">Stable name of what is wrong.</param>
    /// <param name="Message">What is wrong, in the reader's language.</param>
    /// <param name="Action">What to do about it.</param>
    public sealed record Fault(int Line, int Column, string Field, string Value, string Code, string Message, string Action);

    public sealed record Line(int Number, string UserName, bool IsNew, IReadOnlyList<Change> Changes);

    public sealed record Change(string Field, string Before, string After);

    internal static ImportReport Of(ImportPlan plan, bool applied, IStringLocalizer<PeopleTexts> text) => new(
        applied,
        plan.Created,
        plan.Changed,
        plan.Unchanged,
        [.. plan.Faults.Select(f => new Fault(f.Line, f.Column, f.Field, f.Value, f.Code, f.In(text), f.ToDo(text)))],
        [.. plan.Lines.Where(l => l.IsNew || l.Changes.Count > 0).Select(l => new Line(
            l.Line, l.Fields.UserName ?? "", l.IsNew, [.. l.Changes.Select(c => new Change(c.Field, c.Before, c.After))]))],
        [.. plan.Absent.Select(p => p.UserName)]);
}

internal static class ImportWords
{
    /// <summary>What is wrong.</summary>
    public static string In(this ImportFault fault, IStringLocalizer<PeopleTexts> text) => text[$"Fault.{fault.Code}", fault.Value, fault.Detail ?? ""];

    /// <summary>What to do about it.</summary>
    public static string ToDo(this ImportFault fault, IStringLocalizer<PeopleTexts> text) => text[$"Do.{fault.Code}", fault.Value, fault.Detail ?? ""];
}
