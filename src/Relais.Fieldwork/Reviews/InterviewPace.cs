using System.Runtime.InteropServices;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Reviews;

/// <summary>How an interview went, from the times of its steps.</summary>
/// <param name="Seconds">Of conversation, without the time between two calls.</param>
/// <param name="Answers">Given or changed.</param>
/// <param name="Confirmed">Soft checks that were overridden.</param>
/// <param name="Quick">Answers less than a second after what came before: faster than a question is read aloud.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct InterviewPace(int Seconds, int Answers, int Confirmed, int Quick)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TooQuick = TimeSpan.FromSeconds(1);

    /// <param name="steps">In their order.</param>
    public static InterviewPace Of(DateTimeOffset begun, IEnumerable<FormEvent> steps)
    {
        var (talked, answers, confirmed, quick, last) = (TimeSpan.Zero, 0, 0, 0, begun);
        foreach (var step in steps)
        {
            var gap = step.At - last;
            // Another call, or a computer whose clock was set: neither is conversation.
            if (gap > TimeSpan.Zero && gap <= Apart)
                talked += gap;
            answers += step.Kind == FormEventKind.Answer ? 1 : 0;
            confirmed += step.Kind == FormEventKind.Confirm ? 1 : 0;
            quick += step.Kind == FormEventKind.Answer && gap < TooQuick ? 1 : 0;
            last = step.At;
        }

        return new InterviewPace((int)talked.TotalSeconds, answers, confirmed, quick);
    }

    /// <summary>A third of the answers or more came faster than questions are read.</summary>
    public bool ManyQuick => Answers >= 5 && Quick * 3 >= Answers;

    /// <summary>Less than half as long as the wave's interviews usually are.</summary>
    /// <param name="median">Of the wave's interviews, in seconds; null: too few to say.</param>
    public bool IsShort(double? median) => median is { } usual && Seconds < usual / 2;
}
