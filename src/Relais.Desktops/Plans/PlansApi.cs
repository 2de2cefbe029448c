using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Plans;

/// <summary>What the pages of continuity plans do, for programs. A change carries the form token in its header.</summary>
internal static class PlansApi
{
    /// <param name="Groups">Ids of groups of people.</param>
    /// <param name="Bundle">Of desktops that are not made yet.</param>
    /// <param name="AtOnce">How many are on their way at the same time.</param>
    /// <param name="Waits">Whether it begins only when all steps before it are over.</param>
    /// <param name="Pool">A pool whose desktops are kept ready for as long as the plan runs, instead of groups and a bundle.</param>
    /// <param name="Ready">How many of these are to be started, in use or ready.</param>
    public sealed record StepRequest(
        IReadOnlyList<Guid>? Groups = null, string? Bundle = null, int AtOnce = PlanStep.UsualAtOnce, bool Waits = true, Guid? Pool = null, int Ready = 0)
    {
        internal PlanStep Step => new() { Groups = Groups ?? [], Bundle = Bundle ?? "", AtOnce = AtOnce, Waits = Waits, Pool = Pool, Ready = Ready };
    }

    public sealed record Request(string Name, IReadOnlyList<StepRequest> Steps);

    public sealed record Accepted(Guid Id);

    public sealed record Listed(Guid Id, string Name, int Steps, DateTimeOffset ChangedAt, DateTimeOffset? RehearsedAt, bool? Passes, string? State, Guid? Run);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/plans").WithTags("Continuity plans").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListPlans").WithSummary("Continuity plans");
        api.MapGet("/{id:guid}", Find).WithName("GetPlan").WithSummary("One plan, its last rehearsal and its latest run");
        api.MapPost("", (Request request, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            Save(null, request, context, change, text, cancel)).WithName("AddPlan").WithSummary("Write a plan down");
        api.MapPut("/{id:guid}", (Guid id, Request request, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            Save(id, request, context, change, text, cancel)).WithName("ChangePlan").WithSummary("Change a plan");
        api.MapDelete("/{id:guid}", (Guid id, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            AnswerAsync(change.RemoveAsync(id, Actor.Of(context), cancel), text)).WithName("RemovePlan").WithSummary("Remove a plan that is not running");
        api.MapPost("/{id:guid}/rehearse", Rehearse).WithName("RehearsePlan").WithSummary("Tell what a plan would do and what stands in its way, and change nothing");
        api.MapPost("/{id:guid}/start", (Guid id, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            AnswerAsync(change.StartAsync(id, Actor.Of(context), cancel), text)).WithName("StartPlan").WithSummary("Start a plan; refused while it runs");
        api.MapPost("/{id:guid}/stop", (Guid id, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            AnswerAsync(change.StopAsync(id, Actor.Of(context), cancel), text)).WithName("StopPlan").WithSummary("Leave what a running plan has not begun");
        api.MapPost("/runs/{run:guid}/retry", (Guid run, Guid? desktop, HttpContext context, RetryRun retry, IStringLocalizer<PlanTexts> text, CancellationToken cancel) =>
            AnswerAsync(retry.HandleAsync(run, desktop, Actor.Of(context), cancel), text)).WithName("RetryPlanRun").WithSummary("Try again what failed in a run: one desktop, or all");
        api.MapGet("/runs/{run:guid}", Run).WithName("GetPlanRun").WithSummary("How far a run is, or what came of it");
    }

    internal static async Task<Ok<Listed[]>> List(ListPlans plans, CancellationToken cancel) =>
        TypedResults.Ok((await plans.AllAsync(cancel)).Select(PlanAnswer.Listed).ToArray());

    internal static async Task<Results<Ok<PlanAnswer>, ProblemHttpResult>> Find(Guid id, ListPlans plans, CancellationToken cancel) =>
        await plans.FindAsync(id, cancel) is { } found ? TypedResults.Ok(PlanAnswer.Of(found)) : Problems.Missing(ChangePlans.Missing);

    internal static async Task<Results<Ok<Rehearsal>, ProblemHttpResult>> Rehearse(Guid id, HttpContext context, RehearsePlan rehearse, CancellationToken cancel) =>
        await rehearse.HandleAsync(id, Actor.Of(context), cancel) is { } found ? TypedResults.Ok(found) : Problems.Missing(ChangePlans.Missing);

    internal static async Task<Results<Ok<PlanAnswer.RunAnswer>, ProblemHttpResult>> Run(Guid run, ListPlans plans, CancellationToken cancel) =>
        await plans.RunAsync(run, cancel) is { } found ? TypedResults.Ok(PlanAnswer.OfRun(found)) : Problems.Missing("plan-run-missing");

    private static Task<Results<Ok<Accepted>, ProblemHttpResult>> Save(
        Guid? id, Request request, HttpContext context, ChangePlans change, IStringLocalizer<PlanTexts> text, CancellationToken cancel) => AnswerAsync(
        change.SaveAsync(
            id, request.Name, [.. request.Steps.Select(s => s.Step)], Actor.Of(context), cancel), text);

    private static async Task<Results<Ok<Accepted>, ProblemHttpResult>> AnswerAsync(Task<PlanChanged> changing, IStringLocalizer<PlanTexts> text) => await changing switch
    {
        { Id: { } id } => TypedResults.Ok(new Accepted(id)),
        { Reason: ChangePlans.Missing or "plan-run-missing" } missing => Problems.Missing(missing.Reason),
        { Reason: { } reason and (ChangePlans.Running or "plan-not-running" or "overtaken" or "plan-run-stopped" or "plan-nothing-failed") } => Problems.Conflict(reason, text["Reason." + reason]),
        { Reason: var reason } => Problems.Invalid(reason ?? "", text["Reason." + reason, ContinuityPlan.NameLength, ContinuityPlan.MostSteps, PlanStep.MostAtOnce]),
    };
}
