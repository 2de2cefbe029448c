namespace Relais.Telephony.Pacing;

/// <summary>How calls are started for the interviewers of a campaign.</summary>
internal enum DialMode
{
    /// <summary>The interviewer reads the case first, and the call is then placed for them alone.</summary>
    Preview,

    /// <summary>A call for each interviewer who is ready: nobody is ever called ahead.</summary>
    Progressive,

    /// <summary>Calls ahead of interviewers who are about to be ready, within the limit on abandoned calls.</summary>
    Predictive,
}

/// <summary>Decides how many calls are placed now. Pure: time comes in with what it looks at, and it draws no lots.</summary>
internal interface IPacing
{
    /// <summary>Something ended, and how long it had lasted.</summary>
    void Learn(PacingNews news);

    /// <summary>How many calls to place now, besides those that are under way; 0 for none.</summary>
    int Place(PacingView view);
}

/// <summary>What pacings learn from; lengths are in seconds.</summary>
internal abstract record PacingNews
{
    private PacingNews()
    {
    }

    /// <summary>A call was answered.</summary>
    public sealed record Answered(double RangFor) : PacingNews;

    /// <summary>A call ended without an answer: busy, no such number, nobody there.</summary>
    public sealed record Unanswered(double RangFor) : PacingNews;

    /// <summary>An interviewer's conversation is over.</summary>
    public sealed record Talked(double Seconds) : PacingNews;

    /// <summary>An interviewer is ready again after noting the last call.</summary>
    public sealed record Noted(double Seconds) : PacingNews;
}

/// <summary>What a pacing sees when it decides. Moments are seconds of a clock that only goes forward.</summary>
internal sealed class PacingView
{
    public double Now { get; set; }

    /// <summary>Interviewers who wait for a call. They stay until they get one.</summary>
    public int Ready { get; set; }

    /// <summary>Since when each call that is not answered yet has been under way.</summary>
    public List<double> Ringing { get; } = [];

    /// <summary>Calls that were answered and for which no interviewer is free yet.</summary>
    public int Held { get; set; }

    /// <summary>Since when each conversation has lasted.</summary>
    public List<double> Talking { get; } = [];

    /// <summary>Since when each interviewer who notes their last call has done so.</summary>
    public List<double> Noting { get; } = [];

    /// <summary>Answered and abandoned calls of the last 24 h and of the day.</summary>
    public AbandonmentLedger.Standing Counted { get; set; }

    /// <summary>Calls that may still claim an interviewer.</summary>
    public int UnderWay => Ringing.Count + Held;
}
