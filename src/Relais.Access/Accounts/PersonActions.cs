using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Board;
using Relais.Access.Contracts;
using Relais.Access.Invitations;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Access.Accounts;

/// <summary>The buttons of a person's page that need no field: each does its work and comes back with a word on it.</summary>
internal static class PersonActions
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var person = routes.MapGroup("/people/{id:guid}").RequireAuthorization(AccessPolicies.Administer).RequireFormToken().ExcludeFromDescription();
        person.MapPost("/disable", (Guid id, HttpContext context, DisablePerson action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "disable", action.HandleAsync(id, Actor.Of(context), cancel)));
        person.MapPost("/enable", (Guid id, HttpContext context, DisablePerson action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "enable", action.UndoAsync(id, Actor.Of(context), cancel)));
        person.MapPost("/reset-second-factor", (Guid id, HttpContext context, ResetSecondFactor action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "reset-second-factor", action.HandleAsync(id, Actor.Of(context), cancel)));
        person.MapPost("/sign-out-everywhere", (Guid id, HttpContext context, RevokeSignIns action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "sign-out-everywhere", action.AllAsync(id, except: null, Actor.Of(context), cancel)));
        person.MapPost("/sign-ins/{signIn:guid}/revoke", (Guid id, Guid signIn, HttpContext context, RevokeSignIns action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "revoke", action.OneAsync(id, signIn, Actor.Of(context), "sign-in.revoked", cancel)));
        person.MapPost("/invite", (Guid id, HttpContext context, InvitePeople action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "invite", InviteAsync(id, context, action, cancel)));
        person.MapPost("/delete", (Guid id, HttpContext context, DeletePerson action, Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "delete", action.HandleAsync(id, Actor.Of(context), cancel)));
    }

    private static async Task<Answer> InviteAsync(Guid id, HttpContext context, InvitePeople action, CancellationToken cancel) =>
        await action.HandleAsync([id], InvitationWay.Mail, BoardActions.PortalOf(context), Actor.Of(context), cancel) switch
        {
            { Invited: 1 } => new Answer.Done(id),
            { HavePassword: 1 } => new Answer.Refused("", "invite-has-password"),
            { NoMail: 1 } => new Answer.Refused("", "invite-no-mail"),
            { ShutOut: 1 } => new Answer.Refused("", "invite-shut-out"),
            _ => new Answer.Missing(),
        };

    internal sealed class Reply(Notices notices, IStringLocalizer<AccessTexts> text)
    {
        public async Task<Results<RedirectHttpResult, NotFound>> ToAsync(HttpContext context, Guid id, string action, Task<Answer> work)
        {
            var answer = await work;
            if (answer is Answer.Missing)
                return TypedResults.NotFound();
            notices.Add(context, answer is Answer.Refused refused ? refused.Faults[0].In(text) : text[$"Person.{action}.Done"]);
            return TypedResults.LocalRedirect(action is "delete" && answer is Answer.Done ? "/people" : $"/people/{id}");
        }
    }
}
