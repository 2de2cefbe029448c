namespace Relais.Fieldwork.Cases;

internal enum CaseState : short
{
    /// <summary>Of a replicate that is not released.</summary>
    Waiting = 0,

    /// <summary>May be given to somebody from its due time on.</summary>
    Ready = 1,

    /// <summary>Somebody has it.</summary>
    Held = 2,

    /// <summary>Has an appointment that waits.</summary>
    Appointment = 3,

    /// <summary>Ended with an outcome that nothing follows.</summary>
    Done = 4,

    /// <summary>Called as often as the rules allow, without an end.</summary>
    Exhausted = 5,

    /// <summary>Not to be called: a suppression list names its number.</summary>
    Suppressed = 6,
}

/// <summary>
/// One respondent to reach. What decides whether the case may be called now, besides its due time, is that of its <see cref="Pool"/>, which holds
/// cases that are alike in all of that. Numbers and what the sample says lie in tables of their own.
/// </summary>
internal sealed class Case
{
    /// <summary>Slots of a day of which the tries are counted, in four bits each.</summary>
    public const int MostSlots = 16;

    public const int MostTriesOfSlot = 15;

    public long Id { get; init; }

    public required int WaveId { get; init; }

    public required int Replicate { get; init; }

    public required int PoolId { get; set; }

    public CaseState State { get; set; }

    /// <summary>Not to be called before, unless by appointment.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>A number drawn at the import: the order of cases of one due time.</summary>
    public required int Shuffle { get; init; }

    /// <summary>Calls so far.</summary>
    public int Tries { get; set; }

    /// <summary>Calls so far in each slot of the day: four bits a slot.</summary>
    public long SlotTries { get; set; }

    /// <summary>Grows each time somebody takes the case: what comes from an earlier holder is refused.</summary>
    public long Fence { get; set; }

    /// <summary>The outcome that counts for the rates: <see cref="Outcomes.Outcome.Id"/>; 0: never reached a call's end.</summary>
    public short Outcome { get; set; }

    public int TriesOf(int slot) => slot < 0 ? 0 : (int)(SlotTries >> (4 * slot) & 0xF);

    /// <param name="slot">The slot of the day the call was made in; -1: none that is counted.</param>
    public void CountTry(int slot)
    {
        Tries++;
        if (slot >= 0 && TriesOf(slot) < MostTriesOfSlot)
            SlotTries += 1L << (4 * slot);
    }
}

/// <summary>What the sample says of a case: its own name there, and its variables.</summary>
internal sealed class CaseRecord
{
    public required long CaseId { get; init; }

    public required int WaveId { get; init; }

    public required string Key { get; init; }

    /// <summary>A JSON object of texts.</summary>
    public required string Fields { get; init; }
}

/// <summary>One of a case's telephone numbers, apart from everything that is answered.</summary>
internal sealed class CaseNumber
{
    public required long CaseId { get; init; }

    public required short Position { get; init; }

    /// <summary>The digits of its E.164 form: country code and number.</summary>
    public required long Number { get; init; }

    /// <summary>Whether it was found not to be in service, or not the respondent's.</summary>
    public bool Dead { get; set; }
}

/// <summary>What is known of a number whatever the study: when it was called, and until when it is to be left alone.</summary>
internal sealed class NumberState
{
    public required long Number { get; init; }

    public DateTimeOffset? QuietUntil { get; set; }

    /// <summary>When it was called in the last thirty days, the latest first.</summary>
    public DateTimeOffset[] Recent { get; set; } = [];

    /// <summary>The case that somebody has who may be calling it now.</summary>
    public long? HeldCase { get; set; }

    public DateTimeOffset? InterviewedAt { get; set; }
}

/// <summary>
/// Cases of a wave that are alike in all that decides whether they may be called now: what was known of them before (their stratum), time zone, language,
/// skill asked for, priority, whether they were called before, and which slots of the day are used up. Choosing looks at pools, of which there are
/// hundreds, and then at the first case of one.
/// </summary>
internal sealed class Pool
{
    public int Id { get; init; }

    public required int WaveId { get; init; }

    public required int StratumId { get; init; }

    public required string Zone { get; init; }

    public required string Language { get; init; }

    /// <summary>Empty: none is asked for.</summary>
    public required string Skill { get; init; }

    /// <summary>Smaller is sooner.</summary>
    public required short Priority { get; init; }

    public required bool Tried { get; init; }

    /// <summary>A bit for each slot of the day in which these cases were called as often as allowed.</summary>
    public required int Spent { get; init; }

    /// <summary>
    /// None of its cases is due before, or seconds before: what lets a choice pass by pools of call-backs whose time has not come. Lowered by whatever puts a
    /// case in, raised by <see cref="CareForCases"/>.
    /// </summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>How often it is drawn, beside other pools of its priority.</summary>
    public int Weight { get; set; } = 1;
}

/// <summary>The values of quota variables that the sample knows beforehand; a closed quota cell closes the strata that lie in it.</summary>
internal sealed class Stratum
{
    public int Id { get; init; }

    public required int WaveId { get; init; }

    /// <summary>A JSON object of texts, by variable.</summary>
    public required string Known { get; init; }

    public bool Open { get; set; } = true;
}
