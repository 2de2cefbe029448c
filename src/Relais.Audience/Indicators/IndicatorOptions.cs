using System.Globalization;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Verbs;

namespace Relais.Audience.Indicators;

/// <summary>What the options of the verb say, apart from its files.</summary>
internal static class IndicatorOptions
{
    public static BroadcastDay Day(VerbArguments arguments)
    {
        if (arguments.Optional("day") is not { } text)
            return BroadcastDay.French;
        var parts = text.Split('-');
        if (parts.Length == 2 && Minutes(parts[0]) is { } start && Minutes(parts[1]) is { } end)
        {
            var day = new BroadcastDay(start, ((end <= start ? end + 24 * 60 : end) - start) / BroadcastDay.Minutes);
            if (day.IsValid)
                return day;
        }

        throw new UsageException($"--day {text} is not a day of at most 24 hours, from quarter hour to quarter hour, such as 0500-2400");
    }

    public static IReadOnlyList<Band> Bands(VerbArguments arguments, BroadcastDay day)
    {
        var texts = arguments.Required("bands").Split(',', StringSplitOptions.TrimEntries);
        var bands = new List<Band>(texts.Length);
        foreach (var text in texts)
        {
            bands.Add(Band.TryParse(text, day, out var error) ?? throw new UsageException($"--bands: {error}"));
            if (texts.Count(other => other == text) > 1)
                throw new UsageException($"--bands names {text} twice");
        }

        return bands;
    }

    /// <exception cref="UsageException">An option says nothing without another, or the output is one of the inputs.</exception>
    public static void Check(VerbArguments arguments)
    {
        arguments.KeepApart(["out"], ["respondents", "listening", "margins", "targets", "groups"]);
        if (arguments.Optional("design-weight") is not null && arguments.Optional("margins") is null)
            throw new UsageException("--design-weight says what the weights were before calibration, and needs --margins too");
    }

    /// <summary>Null when nothing is to be withheld.</summary>
    public static PublicationRule? Rule(VerbArguments arguments)
    {
        var (interviews, listeners) = (Count(arguments, "min-interviews"), Count(arguments, "min-listeners"));
        return interviews is null && listeners is null ? null : new(interviews ?? 0, listeners ?? 0);
    }

    /// <summary>Null when no intervals are wanted.</summary>
    public static double? Level(VerbArguments arguments) => arguments.Optional("level") is null
        ? null
        : arguments.Number("level", 0) is > 0 and < 1 and var level ? level : throw new UsageException("--level is a share such as 0.95");

    public static double? Universe(VerbArguments arguments) => arguments.Optional("universe") is null
        ? null
        : arguments.Number("universe", 0) is > 0 and var universe ? universe : throw new UsageException("--universe must be above zero");

    private static int? Count(VerbArguments arguments, string name) => arguments.Optional(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw new UsageException($"--{name} {text} is not a count");

    private static int? Minutes(string text) =>
        text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number % 100 % BroadcastDay.Minutes == 0 && number % 100 < 60
            ? number / 100 * 60 + number % 100
            : null;
}
