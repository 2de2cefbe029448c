namespace Relais.Telephony.Pacing;

/// <summary>One call for each interviewer who is ready. Nobody is called ahead.</summary>
internal sealed class Progressive : IPacing
{
    public void Learn(PacingNews news)
    {
        // It only counts who is there.
    }

    public int Place(PacingView view) => Math.Max(0, view.Ready - view.UnderWay);
}
