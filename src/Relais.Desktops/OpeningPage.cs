using Microsoft.AspNetCore.Http;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Desktops;

/// <summary>A page that opens a desktop or a workstation, before it does.</summary>
internal static class OpeningPage
{
    /// <returns>Where a second factor is given first, and which leads back; null when none is wanted.</returns>
    public static async Task<string?> StepUpAsync(AccessConditions conditions, HttpContext context, AccessTarget what)
    {
        var opener = Opener.Of(context, Gateway.Contracts.GrantDoor.Browser);
        var answer = await conditions.AskAsync(new AccessAsked(opener.Person, opener.SignIn, what, opener.From), Actor.Of(context), context.RequestAborted);
        return answer is AccessAnswer.SecondFactorWanted
            ? $"{AccessConditions.StepUpPath}{QueryString.Create("returnUrl", LocalUrl.Shown(context))}"
            : null;
    }
}
