using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Access.Conditions;

/// <summary>What the pages of rules do, for programs: /api/access/rules.</summary>
internal static class RulesApi
{
    /// <summary>A rule. What is absent or empty holds for all.</summary>
    public sealed record RuleRequest(
        string? Name, IReadOnlyList<string>? Roles, IReadOnlyList<string>? Groups, IReadOnlyList<string>? Networks, IReadOnlyList<string>? Countries, bool Elsewhere,
        IReadOnlyList<string>? Devices, IReadOnlyList<string>? Targets, IReadOnlyList<string>? Days, string? From, string? To, string? Decision, int? ProofHours,
        string? Words, bool Enabled = true, bool Confirmed = false);

    public sealed record Step(int Position, bool Confirmed = false);

    public sealed record Choice(string? Decision, bool Confirmed = false);

    public sealed record Trial(string? Person, string? Address, string? When, string? Device, string? What);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/access/rules").WithTags("Access").RequireAuthorization(AccessPolicies.Administer).RequireFormToken();
        api.MapGet("", async (EditRules edit, CancellationToken cancel) => TypedResults.Ok(await RuleReport.ListAsync(edit, cancel)))
            .WithSummary("The rules of access in their order, and what comes after the last.");
        api.MapPost("", (RuleRequest request, HttpContext context, EditRules edit, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.AddAsync(Fields(request), RulesPage.EditorOf(context, request.Confirmed), Actor.Of(context), cancel), text)).WithSummary("Adds a rule, as the first.");
        api.MapPut("/{id:guid}", (Guid id, RuleRequest request, HttpContext context, EditRules edit, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.ChangeAsync(id, Fields(request), RulesPage.EditorOf(context, request.Confirmed), Actor.Of(context), cancel), text)).WithSummary("Changes a rule.");
        api.MapPost("/{id:guid}/move", (Guid id, Step request, HttpContext context, EditRules edit, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.MoveAsync(id, request.Position, RulesPage.EditorOf(context, request.Confirmed), Actor.Of(context), cancel), text)).WithSummary("Puts a rule at another place.");
        api.MapPost("/{id:guid}/remove", (Guid id, bool? confirmed, HttpContext context, EditRules edit, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.RemoveAsync(id, RulesPage.EditorOf(context, confirmed == true), Actor.Of(context), cancel), text)).WithSummary("Removes a rule.");
        api.MapPut("/default", (Choice request, HttpContext context, EditRules edit, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.SetDefaultAsync(request.Decision, RulesPage.EditorOf(context, request.Confirmed), Actor.Of(context), cancel), text)).WithSummary("What is decided when no rule holds.");
        api.MapPost("/try", TryAsync).WithSummary("Which rule would decide for a person, from an address, at a moment.");
    }

    private static async Task<Results<Ok<RuleReport.Tried>, ProblemHttpResult>> TryAsync(
        Trial request, TryRules trial, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel) =>
        await trial.HandleAsync(new RuleTrial(request.Person, request.Address, request.When, request.Device, request.What), cancel) switch
        {
            TrialOutcome.Tried tried => TypedResults.Ok(RuleReport.Of(tried.Result)),
            TrialOutcome.Faulty faulty => Refusal(faulty.Faults, text),
            _ => Problems.Missing("access-rule-missing"),
        };

    private static async Task<Results<Ok<RuleReport.Saved>, ProblemHttpResult>> DoneAsync(Task<RuleAnswer> work, IStringLocalizer<ConditionsTexts> text) =>
        await work switch
        {
            RuleAnswer.Done done => TypedResults.Ok(new RuleReport.Saved(done.Id)),
            RuleAnswer.Faulty faulty => Refusal(faulty.Faults, text),
            RuleAnswer.LocksOut locks => Problems.Conflict(
                "access-rule-locks-out", $"{string.Join(' ', LockOutWords.Of(locks.Found, text))} {text["LockOut.Nothing"]} {text["LockOut.DoApi"]}"),
            _ => Problems.Missing("access-rule-missing", text["Rule.Missing"]),
        };

    private static ProblemHttpResult Refusal(IReadOnlyList<RuleFault> faults, IStringLocalizer<ConditionsTexts> text)
    {
        var problem = Problems.Invalid("fields");
        problem.ProblemDetails.Extensions["errors"] = faults
            .GroupBy(f => f.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(f => f.In(text)).ToArray(), StringComparer.Ordinal);
        return problem;
    }

    internal static RuleFields Fields(RuleRequest r) => new(
        r.Name, r.Roles, r.Groups, string.Join('\n', r.Networks ?? []), string.Join('\n', r.Countries ?? []), r.Elsewhere, r.Devices, r.Targets, r.Days, r.From, r.To,
        r.Decision, r.ProofHours?.ToString(System.Globalization.CultureInfo.InvariantCulture), r.Words, r.Enabled);
}
