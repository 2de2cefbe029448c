namespace Relais.Telephony.Protocols.Quality;

/// <summary>Tells a leg that is bad from one that had a bad moment: it must be so for a while, and good for as long before it is called good again. Not for several threads.</summary>
/// <param name="patience">10 s unless something else is said.</param>
public sealed class BadSpell(TimeSpan patience)
{
    private TimeSpan? _changing;

    /// <summary>Since when the leg is bad; null while it is good.</summary>
    public TimeSpan? Since { get; private set; }

    /// <summary>How often it has become bad.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next measure.</summary>
    /// <param name="at">Since any beginning; never less than before.</param>
    /// <returns>True at the moment when it becomes bad: once a spell.</returns>
    public bool Add(TimeSpan at, bool bad)
    {
        if (bad == Since is not null)
        {
            _changing = null;
            return false;
        }

        _changing ??= at;
        if (at - _changing < patience)
            return false;
        Since = bad ? _changing : null;
        _changing = null;
        if (bad)
            Count++;
        return bad;
    }
}
