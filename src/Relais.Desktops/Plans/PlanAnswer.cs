using Relais.Desktops.Fleet;

namespace Relais.Desktops.Plans;

/// <summary>A plan as programs and the command line read it.</summary>
internal sealed record PlanAnswer(
    Guid Id, string Name, IReadOnlyList<PlanAnswer.StepAnswer> Steps, DateTimeOffset ChangedAt, string ChangedBy, DateTimeOffset? RehearsedAt, string? RehearsedBy,
    Rehearsal? Rehearsal, PlanAnswer.RunAnswer? Run)
{
    public sealed record StepAnswer(IReadOnlyList<Guid> Groups, IReadOnlyList<string> GroupNames, string Bundle, int AtOnce, bool Waits, Guid? Pool, string PoolName, int Ready);

    /// <param name="Counts">Desktops by how far they are.</param>
    public sealed record RunAnswer(
        Guid Id, Guid Plan, string State, string By, DateTimeOffset AskedAt, DateTimeOffset? FinishedAt, string? StoppedBy, IReadOnlyDictionary<string, int> Counts,
        IReadOnlyList<RunStepAnswer> Steps);

    public sealed record RunStepAnswer(
        int Number, string Bundle, DateTimeOffset? BegunAt, DateTimeOffset? FinishedAt, int Barred, IReadOnlyList<FleetApi.JobLineAnswer> Desktops, PoolAnswer? Pool);

    /// <param name="Counts">Its desktops by how far they are.</param>
    public sealed record PoolAnswer(Guid Id, string Name, int Ready, IReadOnlyDictionary<string, int> Counts);

    public static PlanAnswer Of(PlanView view) => new(
        view.Plan.Id, view.Plan.Name, [.. view.Plan.Steps.Select(s => new StepAnswer(s.Groups, view.GroupsOf(s), s.Bundle, s.AtOnce, s.Waits, s.Pool, s.PoolName, s.Ready))],
        view.Plan.ChangedAt, view.Plan.ChangedBy, view.Plan.RehearsedAt, view.Plan.RehearsedBy, view.Plan.Rehearsal, view.Run is { } run ? OfRun(run) : null);

    public static RunAnswer OfRun(RunView view) => new(
        view.Run.Id, view.Run.PlanId, Word(view.State), view.Run.ActorName, view.Run.AskedAt, view.Run.FinishedAt, view.Run.StoppedBy,
        view.Steps.SelectMany(s => s.Counts).GroupBy(c => c.Key).ToDictionary(c => Word(c.Key), c => c.Sum(n => n.Value), StringComparer.Ordinal),
        [
            .. view.Steps.Select(s => new RunStepAnswer(
                s.Step.Number, s.Step.Step.Bundle, s.Step.BegunAt, s.Step.Step.Pool is not null ? s.Step.ReachedAt : s.Job is null ? s.Step.BegunAt : s.Job.FinishedAt, s.Step.Barred,
                [.. s.Lines.Select(l => new FleetApi.JobLineAnswer(l.Desktop, l.Person, Word(l.State), l.Reason, l.Detail, l.ChangedAt))],
                s.Step.Step.Pool is { } pool ? new PoolAnswer(pool, s.Step.Step.PoolName, s.Step.Step.Ready, s.Counts.ToDictionary(c => Word(c.Key), c => c.Value, StringComparer.Ordinal)) : null)),
        ]);

    public static PlansApi.Listed Listed(PlanView view) => new(
        view.Plan.Id, view.Plan.Name, view.Plan.Steps.Count, view.Plan.ChangedAt, view.Plan.RehearsedAt, view.Plan.Rehearsal is { IsOutdated: false } rehearsal ? rehearsal.Passes : null,
        view.Run is { } run ? Word(run.State) : null, view.Run?.Run.Id);

    private static string Word<T>(T name)
        where T : struct, Enum => name.ToString().ToLowerInvariant();
}
