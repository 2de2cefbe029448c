namespace Relais.Telephony.Respondents;

/// <summary>What a simulated respondent does with a call.</summary>
internal enum RespondentFate
{
    /// <summary>Answers, and says something each time the caller has ended speaking.</summary>
    Answer,
    Busy,
    NoAnswer,

    /// <summary>Answers, says no, and hangs up.</summary>
    Refusal,

    /// <summary>An answering machine: a greeting, a tone, silence.</summary>
    Machine,

    /// <summary>Answers and hangs up before anything is said.</summary>
    HangUp,

    /// <summary>The number is nobody's: 404.</summary>
    Unknown,

    /// <summary>An announcement before the answer (183), then as <see cref="Answer"/>.</summary>
    EarlyMedia,
}

/// <summary>How often each fate comes, by weight; the same seed, number and try give the same one.</summary>
internal sealed class RespondentFates
{
    private static readonly Dictionary<string, RespondentFate> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["answer"] = RespondentFate.Answer, ["busy"] = RespondentFate.Busy, ["no-answer"] = RespondentFate.NoAnswer, ["refusal"] = RespondentFate.Refusal,
        ["machine"] = RespondentFate.Machine, ["hang-up"] = RespondentFate.HangUp, ["unknown"] = RespondentFate.Unknown, ["early-media"] = RespondentFate.EarlyMedia,
    };

    // As in the scenario of the tests' operator, and two of our own.
    private static readonly Dictionary<string, RespondentFate> Ends = new(StringComparer.Ordinal)
    {
        ["86"] = RespondentFate.Busy, ["08"] = RespondentFate.NoAnswer, ["04"] = RespondentFate.Unknown, ["83"] = RespondentFate.EarlyMedia, ["55"] = RespondentFate.HangUp,
        ["61"] = RespondentFate.Refusal, ["77"] = RespondentFate.Machine,
    };

    private readonly (RespondentFate Fate, double UpTo)[] _steps;

    private RespondentFates(IReadOnlyCollection<(RespondentFate Fate, double Weight)> weights)
    {
        var (whole, sum) = (weights.Sum(w => w.Weight), 0.0);
        _steps = [.. weights.Select(w => (w.Fate, sum += w.Weight / whole))];
    }

    /// <summary>What those who try it meet: four of ten answer.</summary>
    public static RespondentFates Usual { get; } = new(
    [
        (RespondentFate.Answer, 44), (RespondentFate.NoAnswer, 26), (RespondentFate.Machine, 12), (RespondentFate.Refusal, 9), (RespondentFate.Busy, 5), (RespondentFate.HangUp, 2),
        (RespondentFate.Unknown, 2),
    ]);

    public static string Known => string.Join(", ", Names.Keys);

    /// <summary>Reads "answer=60 busy=10", or a line each, with "=", ":" or a space between; what follows a # is left out.</summary>
    /// <param name="fault">What could not be read.</param>
    public static RespondentFates? TryParse(string text, out string fault)
    {
        var weights = new List<(RespondentFate, double)>();
        var words = text.Split('\n').SelectMany(line => line.Split('#')[0].Split((char[])[' ', '\t', '\r', ',', ';', '=', ':'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        for (var i = 0; i < words.Count; i += 2)
        {
            if (!Names.TryGetValue(words[i], out var fate) || i + 1 == words.Count
                || !double.TryParse(words[i + 1], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var weight))
            {
                fault = string.Join(' ', words.Skip(i).Take(2));
                return null;
            }

            weights.Add((fate, weight));
        }

        fault = "no weight above zero";
        return weights.Sum(w => w.Item2) > 0 ? new RespondentFates(weights) : null;
    }

    /// <summary>The fate that the end of a number says; null where it says none.</summary>
    public static RespondentFate OfEnd(string number) => number.Length >= 2 && Ends.TryGetValue(number[^2..], out var fate) ? fate : RespondentFate.Answer;

    /// <param name="chance">From 0 to below 1.</param>
    public RespondentFate Draw(double chance)
    {
        foreach (var (fate, upTo) in _steps)
        {
            if (chance < upTo)
                return fate;
        }

        return _steps[^1].Fate;
    }
}
