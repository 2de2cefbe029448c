using Microsoft.Extensions.Localization;

namespace Relais.Desktops.Workstations;

internal static class FaultWords
{
    /// <summary>What the reader sees beside this field, or null when it is right.</summary>
    public static string? Of(this IEnumerable<FieldFault> faults, string field, IStringLocalizer text) =>
        faults.FirstOrDefault(fault => string.Equals(fault.Field, field, StringComparison.Ordinal)) is { } fault ? fault.In(text) : null;

    public static string In(this FieldFault fault, IStringLocalizer text) => text[$"Fault.{fault.Code}", fault.Detail ?? ""];
}
