using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Audience.Figures;
using Relais.Portal.Kit;

namespace Relais.Audience.Runs;

internal static class RunWords
{
    public static StateKind KindOf(RunState state) => state switch
    {
        RunState.Queued => StateKind.Idle,
        RunState.Running => StateKind.Busy,
        RunState.Done => StateKind.Good,
        RunState.Failed => StateKind.Bad,
        RunState.Cancelled or RunState.Removed => StateKind.Neutral,
    };

    /// <summary>Why a run failed, in words: names first, then numbers.</summary>
    public static string In(RunFault fault, IStringLocalizer text)
    {
        object[] named = [.. fault.Named, .. fault.Numbers.Select(Number)];
        if (!fault.Code.StartsWith("input.", StringComparison.Ordinal))
            return text[$"Run.Fault.{fault.Code}", named];
        // A fault of a line names its column first and its line last.
        var words = text[$"Import.{fault.Code["input.".Length..]}", [.. fault.Named.Skip(1)]];
        return text["Run.Fault.input-line", fault.Numbers[0], fault.Named[0], words];
    }

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => FigureWords.Number(value),
        > 0 and < 0.001 => value.ToString("0.0e-0", CultureInfo.CurrentCulture),
        _ => value.ToString("0.####", CultureInfo.CurrentCulture),
    };
}
