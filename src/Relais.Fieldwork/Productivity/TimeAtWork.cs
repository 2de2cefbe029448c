using Relais.Fieldwork.Teams;

namespace Relais.Fieldwork.Productivity;

/// <summary>Time at the console, of all waves.</summary>
internal sealed record TimeAtWork(TimeSpan Calls, TimeSpan Between, TimeSpan Pauses)
{
    public static readonly TimeAtWork None = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    public TimeSpan All => Calls + Between + Pauses;

    /// <summary>Adds the part of a stretch that lies in [from, until).</summary>
    public TimeAtWork With(Presence stretch, DateTimeOffset from, DateTimeOffset until)
    {
        var length = (stretch.Until < until ? stretch.Until : until) - (stretch.From > from ? stretch.From : from);
        return length <= TimeSpan.Zero ? this : stretch.Doing switch
        {
            Doing.Call => this with { Calls = Calls + length },
            Doing.Between => this with { Between = Between + length },
            Doing.Pause => this with { Pauses = Pauses + length },
        };
    }

    public TimeAtWork With(TimeAtWork other) => new(Calls + other.Calls, Between + other.Between, Pauses + other.Pauses);
}
