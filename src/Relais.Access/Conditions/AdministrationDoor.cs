using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Access.Conditions;

/// <summary>Asks the rules at every page and call of administrators and auditors. Comes after authorization: whoever is refused there is not asked here.</summary>
internal static class AdministrationDoor
{
    private static readonly string[] Policies = [AccessPolicies.Administer, AccessPolicies.Audit];

    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!IsAdministration(context) || context.User.FindFirst(PrincipalClaims.SignIn) is null)
        {
            await next(context);
            return;
        }

        var asked = new AccessAsked(context.User.PersonId(), context.User.SignInId(), AccessTarget.Administration, context.Connection.RemoteIpAddress);
        var conditions = context.RequestServices.GetRequiredService<AccessConditions>();
        switch (await conditions.AskAsync(asked, Actor.Of(context), context.RequestAborted))
        {
            case AccessAnswer.Allowed:
                await next(context);
                break;
            case AccessAnswer.SecondFactorWanted wanted when IsProgram(context):
                await Problems.Refused(AccessConditions.SecondFactorProblem, wanted.Words).ExecuteAsync(context);
                break;
            case AccessAnswer.SecondFactorWanted:
                KeptForms.KeptFormDoor.Ask(context);
                context.Response.Redirect(StepUpAddress(HttpMethods.IsGet(context.Request.Method) ? LocalUrl.Shown(context) : LocalUrl.OrHome(context.Request.Path)));
                break;
            case AccessAnswer.Refused refused when IsProgram(context):
                await Problems.Refused(AccessConditions.RefusedProblem, refused.Words).ExecuteAsync(context);
                break;
            case AccessAnswer.Refused:
                context.Response.Redirect($"{RefusedPage.Path}?what={AccessTarget.Administration}");
                break;
        }
    });

    public static string StepUpAddress(string back) => $"{AccessConditions.StepUpPath}{QueryString.Create("returnUrl", back)}";

    private static bool IsAdministration(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => Policies.Contains(a.Policy)) == true;

    private static bool IsProgram(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || context.WebSockets.IsWebSocketRequest;
}
