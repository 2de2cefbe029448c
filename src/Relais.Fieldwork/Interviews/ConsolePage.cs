using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Portal.Security;

namespace Relais.Fieldwork.Interviews;

/// <summary>The interviewer's page: a program that runs in the browser. It alone may compile WebAssembly; what it loads lies below it.</summary>
internal static class ConsolePage
{
    public const string Address = "/interview/";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Address, Handle)
        .RequireAuthorization(AccessPolicies.Interview).WithMetadata(new ContentSecurityAttribute { Scripts = "'wasm-unsafe-eval'" }).ExcludeFromDescription();

    private static Results<RedirectHttpResult, RazorComponentResult<ConsoleDocument>> Handle(HttpContext context)
    {
        // Relative addresses of the program are below the slash.
        if (!context.Request.Path.Value!.EndsWith('/'))
            return TypedResults.LocalRedirect(Address);
        return new RazorComponentResult<ConsoleDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ConsoleDocument.Person)] = context.User.PersonId().Value.ToString(),
            [nameof(ConsoleDocument.Name)] = context.User.FindFirstValue(PrincipalClaims.DisplayName) ?? "",
        });
    }
}
