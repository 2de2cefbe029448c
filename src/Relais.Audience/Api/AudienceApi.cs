using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Audience.Figures;
using Relais.Audience.Runs;
using Relais.Audience.Waves;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Audience.Api;

/// <summary>What the pages do, for programs: /api/audience. A change carries the form token in its header.</summary>
internal static class AudienceApi
{
    /// <param name="State">"fieldwork", "weighting", "review", "published" or "embargo".</param>
    public sealed record WaveAnswer(Guid Id, string Study, string Name, DateOnly From, DateOnly Until, string State, DateTimeOffset? EmbargoUntil, Guid? Run);

    public sealed record Value(double? Estimate, double? Low, double? High);

    public sealed record FigureAnswer(
        string Target, string Band, string Station, string Name, int Interviews, int? Listeners, string? Withheld, Value? Ac, Value? AcPct, Value? Qhm, Value? QhmPct, Value? DeaMinutes, Value? PdaPct);

    public sealed record CurveAnswer(string Station, string Name, IReadOnlyList<double?> QhmPct, IReadOnlyList<double?> Se);

    /// <param name="Step">What it is doing, while it runs.</param>
    /// <param name="Faults">Why it failed, in the language asked for.</param>
    public sealed record RunAnswer(Guid Id, Guid Wave, int Number, string State, string Step, string? ResultSha256, IReadOnlyList<string> Faults);

    public sealed record Queued(Guid Run);

    public sealed record Proposal(Guid Run);

    public sealed record Publication(Guid Run, DateTimeOffset? EmbargoUntil);

    public sealed record Reason(string? Text);

    /// <param name="EmbargoUntil">Null: it ends now.</param>
    public sealed record EmbargoChange(DateTimeOffset? EmbargoUntil, string? Reason);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/audience").WithTags("Audience").RequireAuthorization(AccessPolicies.ReadFigures);
        read.MapGet("/waves", List).WithName("ListWaves").WithSummary("Waves that one may see");
        read.MapGet("/waves/{id:guid}", Find).WithName("GetWave").WithSummary("One wave");
        read.MapGet("/waves/{id:guid}/figures", Figures).WithName("GetFigures").WithSummary("Figures of one target in one band; by default the first of each");
        read.MapGet("/waves/{id:guid}/curves", Curves).WithName("GetCurves").WithSummary("Audience by quarter hour");

        var work = routes.MapGroup("/api/audience").WithTags("Audience").RequireFormToken().RequireAuthorization(AccessPolicies.Research);
        work.MapPost("/waves/{id:guid}/close-fieldwork", Close).WithName("CloseFieldwork").WithSummary("Say that interviews are complete");
        work.MapPost("/waves/{id:guid}/runs", Start).WithName("StartRun").WithSummary("Compute weights and figures");
        work.MapGet("/runs/{id:guid}", Run).WithName("GetRun").WithSummary("Where a run stands");
        work.MapPost("/runs/{id:guid}/again", Again).WithName("RunAgain").WithSummary("Compute the same again");
        work.MapPost("/runs/{id:guid}/cancel", Cancel).WithName("CancelRun").WithSummary("Stop a run");
        work.MapPost("/runs/{id:guid}/remove", Remove).WithName("RemoveRun").WithSummary("Remove the results of a run that is neither proposed nor published");
        work.MapPost("/waves/{id:guid}/embargo", ChangeEmbargo).WithName("ChangeEmbargo").WithSummary("Put off, bring forward or end an embargo that lasts");
        work.MapPost("/waves/{id:guid}/propose", Propose).WithName("ProposeRun").WithSummary("Propose a run for publication");
        work.MapPost("/waves/{id:guid}/send-back", SendBack).WithName("SendWaveBack").WithSummary("Send a proposed run back");
        work.MapPost("/waves/{id:guid}/publish", Publish).WithName("PublishWave").WithSummary("Publish the proposed run, at once or at the end of an embargo; never one's own");
    }

    internal static async Task<Ok<List<WaveAnswer>>> List(HttpContext context, VisibleWaves visible, AudienceDb db, TimeProvider clock, CancellationToken cancel)
    {
        var waves = await visible.For(context.User).OrderByDescending(w => w.Until).Take(500).ToListAsync(cancel);
        var ids = waves.Select(w => w.StudyId).Distinct().ToList();
        var names = await db.Studies.AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        return TypedResults.Ok(waves.Select(w => Answer(w, names[w.StudyId], clock)).ToList());
    }

    internal static async Task<Results<Ok<WaveAnswer>, ProblemHttpResult>> Find(
        Guid id, HttpContext context, VisibleWaves visible, AudienceDb db, TimeProvider clock, CancellationToken cancel) =>
        await visible.FindAsync(context.User, id, cancel) is { } wave
            ? TypedResults.Ok(Answer(wave, await db.Studies.Where(s => s.Id == wave.StudyId).Select(s => s.Name).SingleAsync(cancel), clock))
            : Missing();

    internal static async Task<Results<Ok<List<FigureAnswer>>, ProblemHttpResult>> Figures(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, CancellationToken cancel, string? target = null, string? band = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        var (study, rows) = (shown.Settings.Study, (IReadOnlyList<ShownFigure>)[]);
        rows = await read.TableAsync(shown, target ?? study.Targets[0].Name, band ?? study.Bands[0].Text, cancel);
        return TypedResults.Ok(rows.Select(Answer).ToList());
    }

    internal static async Task<Results<Ok<List<CurveAnswer>>, ProblemHttpResult>> Curves(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, CancellationToken cancel, string? target = null, string[]? s = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        var curves = await read.CurvesAsync(shown, target ?? shown.Settings.Study.Targets[0].Name, s is { Length: > 0 } ? s : [Figure.TotalRadio], cancel);
        return TypedResults.Ok(curves.Select(c => new CurveAnswer(c.Station, shown.NameOf(c.Station), [.. c.Pct.Select(Finite)], [.. c.Se.Select(Finite)])).ToList());
    }

    internal static Task<Results<NoContent, ProblemHttpResult>> Close(Guid id, HttpContext context, EditWaves edit, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.CloseFieldworkAsync(id, Actor.Of(context), cancel), text);

    internal static async Task<Results<Accepted<Queued>, ProblemHttpResult>> Start(
        Guid id, HttpContext context, StartRun start, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        Started(await start.HandleAsync(id, context.User.PersonId(), Actor.Of(context), cancel), text);

    internal static async Task<Results<Accepted<Queued>, ProblemHttpResult>> Again(
        Guid id, HttpContext context, StartRun start, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        Started(await start.AgainAsync(id, context.User.PersonId(), Actor.Of(context), cancel), text);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Cancel(Guid id, HttpContext context, StartRun start, CancellationToken cancel) =>
        await start.CancelAsync(id, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Conflict("run-over");

    internal static async Task<Results<Ok<RunAnswer>, ProblemHttpResult>> Run(Guid id, AudienceDb db, IStringLocalizer<AudienceTexts> text, CancellationToken cancel)
    {
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } run)
            return Problems.Missing("run-missing");
        var faults = run.Faults is null ? [] : AudienceJson.Read<List<RunFault>>(run.Faults).Select(f => RunWords.In(f, text)).ToList();
        return TypedResults.Ok(new RunAnswer(run.Id, run.WaveId, run.Number, Word(run.State), Word(run.Step), run.ResultSha256, faults));
    }

    internal static Task<Results<NoContent, ProblemHttpResult>> Propose(
        Guid id, Proposal proposal, HttpContext context, EditWaves edit, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.ProposeAsync(id, proposal.Run, context.User.PersonId(), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> SendBack(
        Guid id, Reason reason, HttpContext context, EditWaves edit, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.SendBackAsync(id, reason.Text, Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Publish(
        Guid id, Publication publication, HttpContext context, EditWaves edit, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.PublishAsync(id, publication.Run, publication.EmbargoUntil, context.User.PersonId(), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> ChangeEmbargo(
        Guid id, EmbargoChange change, HttpContext context, EditWaves edit, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.ChangeEmbargoAsync(id, change.EmbargoUntil, change.Reason, context.User.PersonId(), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, HttpContext context, RemoveRun remove, IStringLocalizer<AudienceTexts> text, CancellationToken cancel) =>
        DoneAsync(remove.HandleAsync(id, Actor.Of(context), "asked for", cancel), text);

    private static async Task<Results<NoContent, ProblemHttpResult>> DoneAsync(Task<StepResult> step, IStringLocalizer text) =>
        await step is var result && result == StepResult.Done ? TypedResults.NoContent() : Refusal(result, text);

    private static Results<Accepted<Queued>, ProblemHttpResult> Started(StartResult result, IStringLocalizer text) => result switch
    {
        StartResult.Queued queued => TypedResults.Accepted($"/api/audience/runs/{queued.Run}", new Queued(queued.Run)),
        StartResult.Refused refused => Refusal(refused.Why, text),
        _ => throw new InvalidOperationException("A start that was neither queued nor refused."),
    };

    private static ProblemHttpResult Refusal(StepResult result, IStringLocalizer text) => result switch
    {
        StepResult.Missing => Missing(),
        StepResult.SamePerson => Problems.Refused("same-person", text["Step.SamePerson"]),
        _ => Problems.Conflict(result switch
        {
            StepResult.FilesMissing => "files-missing",
            StepResult.RunNotDone => "run-not-done",
            StepResult.EmbargoPast => "embargo-past",
            StepResult.EmbargoOver => "embargo-over",
            StepResult.ReasonMissing => "reason-missing",
            StepResult.RunCounts => "run-counts",
            StepResult.Overtaken => "changed-meanwhile",
            _ => "wrong-state",
        }, text[$"Step.{result}"]),
    };

    private static ProblemHttpResult Missing() => Problems.Missing("wave-missing");

    private static WaveAnswer Answer(Wave wave, string study, TimeProvider clock) =>
        new(wave.Id, study, wave.Name, wave.From, wave.Until, WaveStates.CodeOf(wave, clock.GetUtcNow()).ToLowerInvariant(), wave.EmbargoUntil, wave.RunId);

    private static FigureAnswer Answer(ShownFigure f) => new(
        f.Target, f.Band, f.Station, f.Name, f.Interviews, f.Withheld is Numerics.Radio.Suppression.TooFewListeners ? null : f.Listeners, f.Withheld?.ToString(),
        Of(f.Values?.Ac), Of(f.Values?.AcPct), Of(f.Values?.Qhm), Of(f.Values?.QhmPct), Of(f.Values?.Dea), Of(f.Values?.Pda));

    private static Value? Of(Estimate? estimate) => estimate is null ? null : new Value(Finite(estimate.Value), Finite(estimate.Low), Finite(estimate.High));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
