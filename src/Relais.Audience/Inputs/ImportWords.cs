using Microsoft.Extensions.Localization;

namespace Relais.Audience.Inputs;

internal static class ImportWords
{
    public static IReadOnlyList<(string Line, string Column, string Words)> Of(ImportFaults? faults, IStringLocalizer text) =>
        faults is null ? [] : [.. faults.Kept.Select(f => ($"{f.Line}", f.Column ?? "", In(f, text)))];

    public static string In(ImportFault fault, IStringLocalizer text) => text[$"Import.{fault.Code}", [.. fault.Named]];
}
