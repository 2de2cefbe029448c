using Relais.Access.Contracts;
using Relais.Audience.Runs;

namespace Relais.Audience.Waves;

/// <summary>Where a wave stands.</summary>
internal enum WaveState
{
    /// <summary>Interviews are being made.</summary>
    Fieldwork,

    /// <summary>Interviews are complete; weights are being looked for.</summary>
    Weighting,

    /// <summary>One run is proposed; somebody else has to look.</summary>
    Review,

    /// <summary>That run is the wave's result, from the end of the embargo on.</summary>
    Published,
}

/// <summary>How a step ended.</summary>
internal enum StepResult
{
    Done,
    Missing,
    WrongState,
    FilesMissing,
    RunNotDone,

    /// <summary>Whoever asked for the run or proposed it may not publish it.</summary>
    SamePerson,

    EmbargoPast,

    /// <summary>There is no embargo any more, or was none: what was read can't be called back.</summary>
    EmbargoOver,

    ReasonMissing,

    /// <summary>The run is the one that is proposed or published.</summary>
    RunCounts,

    Overtaken,
}

/// <summary>One round of interviews of a study, and the steps to its publication.</summary>
internal sealed class Wave
{
    public const int NameLength = 120;
    public const int ReasonLength = 1000;

    public required Guid Id { get; init; }

    public required Guid StudyId { get; init; }

    public required string Name { get; set; }

    /// <summary>First day of listening.</summary>
    public required DateOnly From { get; set; }

    /// <summary>Last day of listening.</summary>
    public required DateOnly Until { get; set; }

    public required Guid UniverseId { get; set; }

    public WaveState State { get; private set; } = WaveState.Fieldwork;

    /// <summary>The run that was proposed, then published.</summary>
    public Guid? RunId { get; private set; }

    public Guid? ProposedById { get; private set; }

    public string? ProposedByName { get; private set; }

    public DateTimeOffset? ProposedAt { get; private set; }

    /// <summary>Why it was last sent back.</summary>
    public string? SentBackReason { get; private set; }

    public Guid? PublishedById { get; private set; }

    public string? PublishedByName { get; private set; }

    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>Until then readers know nothing of it; null: from the publication on.</summary>
    public DateTimeOffset? EmbargoUntil { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether everybody who may read figures may read these.</summary>
    public bool IsOpenAt(DateTimeOffset now) => State == WaveState.Published && (EmbargoUntil is null || EmbargoUntil <= now);

    public StepResult CloseFieldwork(bool filesComplete)
    {
        if (State != WaveState.Fieldwork)
            return StepResult.WrongState;
        if (!filesComplete)
            return StepResult.FilesMissing;
        State = WaveState.Weighting;
        return StepResult.Done;
    }

    public StepResult ReopenFieldwork()
    {
        if (State != WaveState.Weighting)
            return StepResult.WrongState;
        State = WaveState.Fieldwork;
        return StepResult.Done;
    }

    public StepResult Propose(Run run, PersonId by, string byName, DateTimeOffset now)
    {
        if (State != WaveState.Weighting)
            return StepResult.WrongState;
        if (run.State != RunState.Done || run.WaveId != Id)
            return StepResult.RunNotDone;
        (State, RunId, ProposedById, ProposedByName, ProposedAt, SentBackReason) = (WaveState.Review, run.Id, by.Value, byName, now, null);
        return StepResult.Done;
    }

    public StepResult SendBack(string reason)
    {
        if (State != WaveState.Review)
            return StepResult.WrongState;
        (State, RunId, ProposedById, ProposedByName, ProposedAt, SentBackReason) = (WaveState.Weighting, null, null, null, null, reason);
        return StepResult.Done;
    }

    /// <param name="run">The wave's <see cref="RunId"/>.</param>
    public StepResult Publish(Run run, PersonId by, string byName, DateTimeOffset? embargoUntil, DateTimeOffset now)
    {
        if (State != WaveState.Review || run.Id != RunId)
            return StepResult.WrongState;
        if (ProposedById == by.Value || run.RequestedById == by.Value)
            return StepResult.SamePerson;
        if (embargoUntil <= now)
            return StepResult.EmbargoPast;
        (State, PublishedById, PublishedByName, PublishedAt, EmbargoUntil) = (WaveState.Published, by.Value, byName, now, embargoUntil);
        return StepResult.Done;
    }

    /// <summary>Another end of an embargo that still lasts. To open earlier is to publish, so it takes somebody else than who computed or proposed.</summary>
    /// <param name="run">The wave's <see cref="RunId"/>.</param>
    /// <param name="until">Null: it ends now.</param>
    public StepResult ChangeEmbargo(Run run, PersonId by, DateTimeOffset? until, DateTimeOffset now)
    {
        if (State != WaveState.Published || EmbargoUntil is not { } before || before <= now)
            return StepResult.EmbargoOver;
        if (until <= now)
            return StepResult.EmbargoPast;
        var opens = until ?? now;
        if (opens < before && (ProposedById == by.Value || run.RequestedById == by.Value))
            return StepResult.SamePerson;
        EmbargoUntil = opens;
        return StepResult.Done;
    }
}
