namespace Relais.Telephony.Pacing;

/// <summary>
/// Places a call when the chance that it would be answered with no interviewer free is below a price. The chance comes from what was learnt about ringing, conversations
/// and notes, for each call and each interviewer by how long theirs has lasted. The price rises while fewer calls are abandoned than the limit bears, and falls
/// before the limit is reached, so that what is allowed is used and no more. The limit itself is held by <see cref="GuardedPacing"/>.
/// </summary>
internal sealed class Predictive : IPacing
{
    /// <summary>How long an answered callee may wait for an interviewer, in seconds.</summary>
    public const double Grace = 2;

    private const int MostAtOnce = 20;

    // The price while the limit bears as many abandoned calls as the reserve, and by how much each further one changes its logarithm. Tuned on simulated studies, other
    // seeds than the bench's. The fewer answer, the more calls have to ring at once, each of which the guard counts as lost: so the reserve grows with them.
    private const double UsualPrice = 0.03;
    private const double Gain = 0.1;
    private const double LeastReserve = 7;
    private const double ReservePerCall = 0.2;

    // Seconds after a call is placed at which it may be answered.
    private static readonly int[] Moments = [4, 8, 12, 18, 26];

    // The grid in which conversations end and notes follow them, to the last moment and the grace after it.
    private const int Cell = 2;
    private const int Cells = 14;

    private readonly RingEstimate _ring = new();
    private readonly LengthEstimate _talk = new(usual: 180, weight: 2, half: 400);
    private readonly LengthEstimate _note = new(usual: 15, weight: 2, half: 400);
    private readonly FreeOnes[] _free = [.. Moments.Select(_ => new FreeOnes())];
    private readonly double[] _weights = new double[Moments.Length];
    private readonly double[] _noted = new double[Cells];
    private readonly double[] _ends = new double[Cells];
    private double _seenUntil = double.NaN;

    public void Learn(PacingNews news)
    {
        switch (news)
        {
            case PacingNews.Answered answered:
                _ring.End(answered.RangFor, answered: true);
                break;
            case PacingNews.Unanswered unanswered:
                _ring.End(unanswered.RangFor, answered: false);
                break;
            case PacingNews.Talked talked:
                _talk.End(talked.Seconds);
                break;
            case PacingNews.Noted noted:
                _note.End(noted.Seconds);
                break;
        }
    }

    public int Place(PacingView view)
    {
        Watch(view);
        var interviewers = view.Ready + view.Talking.Count + view.Noting.Count;
        var reserve = Math.Max(LeastReserve, ReservePerCall * interviewers / Math.Max(0.02, _ring.Answers));
        var price = Math.Clamp(UsualPrice * Math.Exp(Gain * (view.Counted.Credit - reserve)), 0.002, 0.6);
        Look(view);
        var placed = 0;
        while (placed < MostAtOnce && Risk() <= price)
        {
            placed++;
            for (var i = 0; i < Moments.Length; i++)
                _free[i].Step(_ring.AnswersWithin(0, Moments[i]), -1);
        }

        return placed;
    }

    // What still lasts says as much about lengths as what has ended.
    private void Watch(PacingView view)
    {
        var passed = double.IsNaN(_seenUntil) ? 0 : view.Now - _seenUntil;
        _seenUntil = view.Now;
        if (passed <= 0)
            return;
        foreach (var since in view.Talking)
            _talk.Last(Math.Max(0, view.Now - since - passed), view.Now - since);
        foreach (var since in view.Noting)
            _note.Last(Math.Max(0, view.Now - since - passed), view.Now - since);
    }

    private void Look(PacingView view)
    {
        for (var i = 0; i < Moments.Length; i++)
        {
            _free[i].Begin(view.Ready - view.Held);
            _weights[i] = _ring.AnswersWithin(0, Moments[i]) - (i == 0 ? 0 : _ring.AnswersWithin(0, Moments[i - 1]));
            foreach (var since in view.Ringing)
                _free[i].Step(_ring.AnswersWithin(view.Now - since, Moments[i]), -1);
            foreach (var since in view.Noting)
                _free[i].Step(_note.EndsWithin(view.Now - since, Moments[i] + Grace), 1);
        }

        for (var cell = 0; cell < Cells; cell++)
            _noted[cell] = _note.EndsWithin(0, Cell * (cell + 0.5));
        foreach (var since in view.Talking)
        {
            _talk.EndsIn(view.Now - since, Cell, _ends);
            for (var i = 0; i < Moments.Length; i++)
                _free[i].Step(FreeWithin((Moments[i] + (int)Grace) / Cell), 1);
        }
    }

    // Who still talks has to finish, in one of the cells, and to note it in those that are left.
    private double FreeWithin(int cells)
    {
        var sum = 0.0;
        for (var cell = 0; cell < cells; cell++)
            sum += _ends[cell] * _noted[cells - 1 - cell];
        return sum;
    }

    private double Risk()
    {
        var (risk, all) = (0.0, 0.0);
        for (var i = 0; i < Moments.Length; i++)
        {
            risk += _weights[i] * _free[i].Nobody();
            all += _weights[i];
        }

        return all > 0 ? risk / all : 0;
    }
}
