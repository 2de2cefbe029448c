using System.Globalization;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>What the options say about the method.</summary>
internal static class WeighSettings
{
    private static readonly Dictionary<string, CalibrationMethod> Methods = new(StringComparer.Ordinal)
    {
        ["poststratify"] = CalibrationMethod.PostStratify,
        ["rake"] = CalibrationMethod.Rake,
        ["raking"] = CalibrationMethod.Raking,
        ["linear"] = CalibrationMethod.Linear,
        ["logit"] = CalibrationMethod.Logit,
        ["truncated"] = CalibrationMethod.Truncated,
    };

    public static CalibrationSettings Of(VerbArguments arguments)
    {
        var passes = arguments.Number("passes", 1000);
        return passes is >= 1 and <= 1e9
            ? new CalibrationSettings(Method(arguments.Required("method")))
            {
                Bounds = Bounds(arguments),
                Tolerance = arguments.Number("tolerance", 1e-10),
                MaxPasses = (int)passes,
            }
            : throw new UsageException("--passes must be at least 1");
    }

    public static CalibrationMethod Method(string name) => Methods.TryGetValue(name, out var method)
        ? method
        : throw new UsageException($"there is no method {name}; known are: {string.Join(", ", Methods.Keys)}");

    public static string NameOf(CalibrationMethod method) => Methods.First(m => m.Value == method).Key;

    private static Bounds? Bounds(VerbArguments arguments)
    {
        if (arguments.Optional("bounds") is not { } text)
            return null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts is [var low, var high] && Bound(low) is { } lower && double.IsFinite(lower) && Bound(high) is { } upper)
            return new Bounds(lower, upper);
        throw new UsageException($"--bounds {text} is not two numbers L,U such as 0.5,2");
    }

    private static double? Bound(string text) =>
        text is "Inf" or "inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
