using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Access.Passkeys;
using Relais.Access.SignIns;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Access.Api;

/// <summary>What the pages do, for programs: /api/access. A change carries the form token in its header.</summary>
internal static class PeopleApi
{
    public sealed record Token(string HeaderName, string RequestToken);

    public sealed record Person(Guid Id, string UserName, string DisplayName, string? Email, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, bool Disabled, bool Expired, bool MustChangePassword, bool SecondFactor, DateTimeOffset? LastSeenAt);

    public sealed record PersonList(IReadOnlyList<Person> People, int Total, int Page, int PageLength);

    public sealed record PersonRequest(
        string? UserName, string? DisplayName, string? Email, string? Language, string? KeyboardLayout, string? LastDay,
        IReadOnlyList<string>? Roles, IReadOnlyList<Guid>? Groups, string? Site = null, string? Phone = null);

    /// <summary>The password to use once is given here and nowhere else.</summary>
    public sealed record Created(Guid Id, string OneTimePassword);

    public sealed record GroupRequest(string? Name);

    public sealed record GroupCount(Guid Id, string Name, int People);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/access").WithTags("Access").RequireFormToken();
        api.MapGet("/form-token", Give).AllowAnonymous().WithSummary("The token that changes carry, bound to who is signed in.");
        var settingUp = api.MapGroup("").RequireAuthorization(AccessPolicySetup.SettingUp);
        RegisterPasskey.Map(settingUp);
        SignInWithPasskey.Map(settingUp);

        var people = api.MapGroup("/people").RequireAuthorization(AccessPolicies.Administer);
        people.MapGet("", List).WithSummary("People, fifty a page, with the filters of the page.");
        people.MapPost("", Create).WithSummary("Adds a person.");
        people.MapPut("/{id:guid}", Edit).WithSummary("Changes what is known of a person.");
        people.MapPost("/{id:guid}/disable", (Guid id, HttpContext context, DisablePerson action, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
            DoneAsync(action.HandleAsync(id, Actor.Of(context), cancel), text)).WithSummary("Shuts a person out at once.");
        people.MapPost("/{id:guid}/enable", (Guid id, HttpContext context, DisablePerson action, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
            DoneAsync(action.UndoAsync(id, Actor.Of(context), cancel), text)).WithSummary("Lets a person in again.");
        people.MapPost("/{id:guid}/sign-out-everywhere", (Guid id, HttpContext context, RevokeSignIns action, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
            DoneAsync(action.AllAsync(id, except: null, Actor.Of(context), cancel), text)).WithSummary("Ends every sign-in of a person.");
        people.MapPost("/{id:guid}/delete", (Guid id, HttpContext context, DeletePerson action, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
            DoneAsync(action.HandleAsync(id, Actor.Of(context), cancel), text)).WithSummary("Removes a person.");

        var groups = api.MapGroup("/groups").RequireAuthorization(AccessPolicies.Administer);
        groups.MapGet("", async (EditGroups edit, CancellationToken cancel) =>
            TypedResults.Ok((await edit.ListAsync(cancel)).Select(g => new GroupCount(g.Id, g.Name, g.People)))).WithSummary("Groups and how many people are in them.");
        groups.MapPost("", (GroupRequest request, HttpContext context, EditGroups edit, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
            DoneAsync(edit.CreateAsync(request.Name, Actor.Of(context), cancel), text)).WithSummary("Adds a group.");
    }

    internal static Ok<Token> Give(HttpContext context, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return TypedResults.Ok(new Token(tokens.HeaderName ?? "", tokens.RequestToken ?? ""));
    }

    internal static async Task<Ok<PersonList>> List(
        ListPeople list, CancellationToken cancel, string? q = null, string? role = null, Guid? group = null, string? state = null, string? sort = null, int page = 1)
    {
        var found = await list.HandleAsync(new PeopleQuery(q, role, group, state, sort, page), cancel);
        return TypedResults.Ok(new PersonList(
            [.. found.People.Select(Of)], found.Total, Math.Max(page, 1), PeopleQuery.PageLength));
    }

    internal static Person Of(PersonRow p) =>
        new(p.Id, p.UserName, p.DisplayName, p.Email, p.Roles, p.Groups, p.Disabled, p.Expired, p.MustChangePassword, p.SecondFactor, p.LastSeenAt);

    internal static async Task<Results<Created<Created>, ProblemHttpResult>> Create(
        PersonRequest request, HttpContext context, CreatePerson create, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
        await create.HandleAsync(Fields(request), Actor.Of(context), cancel) switch
        {
            Answer.Done done => TypedResults.Created($"/api/access/people/{done.Id}", new Created(done.Id, done.OneTimePassword ?? "")),
            Answer.Refused refused => Refusal(refused, text),
            _ => Problems.Missing("person-missing"),
        };

    internal static Task<Results<NoContent, ProblemHttpResult>> Edit(
        Guid id, PersonRequest request, HttpContext context, EditPerson edit, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.HandleAsync(id, Fields(request), Actor.Of(context), cancel), text);

    private static async Task<Results<NoContent, ProblemHttpResult>> DoneAsync(Task<Answer> work, IStringLocalizer<AccessTexts> text) =>
        await work switch
        {
            Answer.Done => TypedResults.NoContent(),
            Answer.Refused refused => Refusal(refused, text),
            _ => Problems.Missing("person-missing"),
        };

    private static ProblemHttpResult Refusal(Answer.Refused refused, IStringLocalizer<AccessTexts> text)
    {
        if (refused.Faults is [{ Field: "" } fault])
            return Problems.Conflict(fault.Code, fault.In(text));
        var problem = Problems.Invalid("fields");
        problem.ProblemDetails.Extensions["errors"] = refused.Faults
            .GroupBy(f => f.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(f => f.In(text)).ToArray(), StringComparer.Ordinal);
        return problem;
    }

    private static PersonFields Fields(PersonRequest request) => new(
        request.UserName, request.DisplayName, request.Email, request.Language ?? "fr", request.KeyboardLayout ?? KeyboardLayouts.Default,
        request.LastDay, request.Roles, request.Groups, request.Site, request.Phone);
}
