using System.Runtime.InteropServices;

namespace Relais.Telephony.Pacing.Simulation;

/// <summary>How long something lasts: a log-normal length.</summary>
/// <param name="Mean">Seconds.</param>
/// <param name="Spread">Standard deviation by mean.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Length(double Mean, double Spread)
{
    public double Draw(ref Chance chance)
    {
        var variance = Math.Log(1 + (Spread * Spread));
        return Math.Exp(Math.Log(Mean) - (variance / 2) + (Math.Sqrt(variance) * chance.Normal()));
    }
}

/// <summary>One way in which conversations go.</summary>
/// <param name="Share">Of all answered calls; shares sum to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TalkKind(string Name, double Share, Length Lasts);

/// <summary>A study on the telephone, as the simulation knows it. Times are in seconds unless they say otherwise.</summary>
internal sealed record PacedStudy
{
    public int Interviewers { get; init; } = 20;

    /// <summary>The share of calls that somebody or something answers, on average over the shift.</summary>
    public double AnswerRate { get; init; } = 0.35;

    /// <summary>By how much the answer rate rises over the shift: 0.5 from half below the average to half above it; negative for a fall.</summary>
    public double Swing { get; init; }

    /// <summary>Until the answer.</summary>
    public Length Ring { get; init; } = new(11, 0.55);

    /// <summary>Who has not answered by then is not called any longer: never below 15 s.</summary>
    public double RingFor { get; init; } = 25;

    /// <summary>Of the calls that nobody answers, those that end within seconds: busy, no such number.</summary>
    public double QuickFailures { get; init; } = 0.3;

    public IReadOnlyList<TalkKind> Talks { get; init; } = TalksOf(600);

    /// <summary>After each conversation, until the interviewer is ready again.</summary>
    public Length Note { get; init; } = new(12, 0.6);

    /// <summary>Before each call, when the interviewer reads the case first (preview).</summary>
    public Length Read { get; init; } = new(15, 0.6);

    public double ShiftHours { get; init; } = 4;

    public int Days { get; init; } = 1;

    /// <summary>From the end of a pause to the next; 0 for none.</summary>
    public Length PauseAfter { get; init; } = new(5400, 0.2);

    public Length Pause { get; init; } = new(600, 0.3);

    /// <summary>The limit on abandoned calls.</summary>
    public double Limit { get; init; } = 0.03;

    /// <summary>Conversations of a household survey around interviews of a mean length: a quarter machines, four in ten refused, a fifth put off, the rest interviewed.</summary>
    public static IReadOnlyList<TalkKind> TalksOf(double interview) =>
    [
        new("machine", 0.25, new Length(9, 0.4)),
        new("refused", 0.40, new Length(28, 0.7)),
        new("put off", 0.20, new Length(55, 0.5)),
        new("interview", 0.15, new Length(interview, 0.3)),
    ];

    /// <summary>The answer rate when this share of the shift has passed.</summary>
    public double AnswerRateAt(double passed) => Math.Clamp(AnswerRate * (1 + (Swing * ((2 * Math.Clamp(passed, 0, 1)) - 1))), 0, 1);

    /// <summary>What becomes of a call: drawn for its number, whoever placed it and when.</summary>
    public Destiny DestinyOf(ulong seed, int number, double passed)
    {
        var chance = new Chance(seed, 1, (ulong)number);
        var (answers, quick, kind) = (chance.Uniform(), chance.Uniform(), chance.Uniform());
        var ring = Ring.Draw(ref chance);
        var lasts = Talks[^1].Lasts;
        foreach (var talk in Talks)
        {
            lasts = talk.Lasts;
            if ((kind -= talk.Share) < 0)
                break;
        }

        var talks = lasts.Draw(ref chance);
        var notes = Note.Draw(ref chance);
        var answered = answers < AnswerRateAt(passed) && ring < RingFor;
        return new Destiny(answered, answered ? ring : quick < QuickFailures ? Math.Min(1 + (ring / 4), RingFor) : RingFor, talks, notes);
    }
}

/// <summary>What becomes of a call.</summary>
/// <param name="Rings">Until it is answered or over.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Destiny(bool Answered, double Rings, double Talks, double Notes);
