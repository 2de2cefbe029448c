namespace Relais.Telephony.Pacing;

/// <summary>
/// Holds any pacing to the limit on abandoned calls. An interviewer who is ready stays for the call that was placed for them, so of the calls under way at most
/// those beyond the ready ones can be abandoned: so many are placed at most that the limit would hold if all of these were.
/// </summary>
internal sealed class GuardedPacing(IPacing inner) : IPacing
{
    public void Learn(PacingNews news) => inner.Learn(news);

    public int Place(PacingView view)
    {
        var bearable = view.Ready + view.Counted.Allowance - view.UnderWay;
        return Math.Max(0, Math.Min(inner.Place(view), bearable));
    }
}
