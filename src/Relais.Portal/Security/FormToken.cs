using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Portal.Security;

/// <summary>
/// Refuses a change that another site sent. The antiforgery middleware alone only refuses endpoints that bind a form:
/// one that takes JSON, or nothing at all, would go on.
/// </summary>
public static class FormToken
{
    public static TBuilder RequireFormToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter(async (call, next) =>
    {
        var context = call.HttpContext;
        return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
            ? await next(call)
            : Kernel.Problems.Invalid("form-token");
    });
}
