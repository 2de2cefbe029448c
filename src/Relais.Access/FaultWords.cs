using Microsoft.Extensions.Localization;

namespace Relais.Access;

internal static class FaultWords
{
    /// <summary>What the reader sees beside this field, or null when it is right.</summary>
    public static string? Of(this IEnumerable<Fault> faults, string field, IStringLocalizer<AccessTexts> text) =>
        faults.FirstOrDefault(fault => string.Equals(fault.Field, field, StringComparison.Ordinal)) is { } fault ? fault.In(text) : null;

    public static string In(this Fault fault, IStringLocalizer<AccessTexts> text) => text[$"Fault.{fault.Code}", fault.Limit];

    /// <summary>A wait as people read it: whole seconds, never zero.</summary>
    public static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
