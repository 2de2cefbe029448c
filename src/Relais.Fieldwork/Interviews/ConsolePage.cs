using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Portal.Offline;
using Relais.Portal.Security;

namespace Relais.Fieldwork.Interviews;

/// <summary>
/// The interviewer's page: a program that runs in the browser. It alone may compile WebAssembly; what it loads lies below it. It opens also while the
/// server is away, from copies that a service worker keeps (decision 31).
/// </summary>
internal static class ConsolePage
{
    public const string Address = "/interview/";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var offline = new OfflineProgram(Address, "console", "interview/_framework/");
        offline.Map(routes);
        var security = new ContentSecurityAttribute { Scripts = "'wasm-unsafe-eval'", Workers = "'self'", Microphone = true };
        routes.MapGet(Address, Handle).RequireAuthorization(AccessPolicies.Interview).WithMetadata(security).ExcludeFromDescription();
        // Copied before anybody signs in, and shown when nobody can: it says nothing of anybody.
        routes.MapGet(offline.Shell, () => Document("", "", offline.Version)).AllowAnonymous().WithMetadata(security).ExcludeFromDescription();
    }

    private static Results<RedirectHttpResult, RazorComponentResult<ConsoleDocument>> Handle(HttpContext context)
    {
        // Relative addresses of the program are below the slash.
        if (!context.Request.Path.Value!.EndsWith('/'))
            return TypedResults.LocalRedirect(Address);
        return Document(context.User.PersonId().Value.ToString(), context.User.FindFirstValue(PrincipalClaims.DisplayName) ?? "", "");
    }

    private static RazorComponentResult<ConsoleDocument> Document(string person, string name, string version) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ConsoleDocument.Person)] = person, [nameof(ConsoleDocument.Name)] = name, [nameof(ConsoleDocument.Version)] = version });
}
