using System.Runtime.InteropServices;

namespace Relais.Telephony.Pacing.Simulation;

/// <summary>What a simulated study came to.</summary>
/// <param name="TalkShare">Of the interviewers' time on shift, pauses left out, that they spoke with somebody.</param>
/// <param name="Abandonment">Abandoned of answered calls.</param>
/// <param name="WorstDay">The highest share of a day's abandoned calls since midnight, at any moment at which one was abandoned.</param>
/// <param name="WorstRolling">The same over the 24 h before.</param>
/// <param name="MeanWait">Seconds that interviewers waited for a conversation.</param>
/// <param name="LongWait">Nine waits in ten were shorter, in seconds.</param>
/// <param name="MostLines">The most calls at once.</param>
/// <param name="Course">By ten minutes of the shift, over all days.</param>
internal sealed record SimulationResult(
    double TalkShare, double Abandonment, double WorstDay, double WorstRolling, int Placed, int Answered, int Abandoned, double MeanWait, double LongWait, int MostLines,
    IReadOnlyList<SimulationResult.Moment> Course)
{
    /// <param name="Minute">Of the shift.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Moment(int Minute, double TalkShare, double Abandonment);

    /// <summary>Several runs as one: means, and the worst of what is a worst.</summary>
    public static SimulationResult Mean(IReadOnlyList<SimulationResult> of) => new(
        of.Average(r => r.TalkShare), of.Average(r => r.Abandonment), of.Max(r => r.WorstDay), of.Max(r => r.WorstRolling), (int)of.Average(r => r.Placed), (int)of.Average(r => r.Answered),
        (int)of.Average(r => r.Abandoned), of.Average(r => r.MeanWait), of.Average(r => r.LongWait), of.Max(r => r.MostLines),
        [.. of[0].Course.Select((moment, i) => new Moment(moment.Minute, of.Average(r => r.Course[i].TalkShare), of.Average(r => r.Course[i].Abandonment)))]);

    /// <summary>Whether the limit was kept at each moment, over the day and over 24 h.</summary>
    public bool Keeps(double limit) => WorstDay <= limit + 1e-9 && WorstRolling <= limit + 1e-9;
}
