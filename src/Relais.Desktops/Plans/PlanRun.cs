using Relais.Kernel.Audit;

namespace Relais.Desktops.Plans;

/// <summary>A plan that was started, kept with who started it and what came of it. At most one run of a plan is open, whoever asks.</summary>
internal sealed class PlanRun
{
    public Guid Id { get; init; }

    public Guid PlanId { get; init; }

    /// <summary>Who started it, as the audit trail names them.</summary>
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? ActorAddress { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Who stopped it; what had not begun then is left.</summary>
    public string? StoppedBy { get; set; }

    public List<PlanRunStep> Steps { get; } = [];

    public Actor Actor => new(ActorId, ActorName, ActorAddress);
}

/// <summary>A step of a run, as the plan said it when it was started.</summary>
internal sealed class PlanRunStep
{
    public Guid RunId { get; init; }

    public int Number { get; init; }

    public required PlanStep Step { get; init; }

    public DateTimeOffset? BegunAt { get; set; }

    /// <summary>The job that starts its desktops; null before it has begun, and when there was nobody to start for.</summary>
    public Guid? JobId { get; set; }

    /// <summary>When all desktops of its pool that it asks for were there or had failed; null before, and for desktops of people.</summary>
    public DateTimeOffset? ReachedAt { get; set; }

    /// <summary>How many of these were there then, or at the last look before it was stopped.</summary>
    public int Started { get; set; }

    /// <summary>People of its groups who may not sign in, for whom nothing was started.</summary>
    public int Barred { get; set; }
}
