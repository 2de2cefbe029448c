using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Access.Conditions;

/// <summary>The institute's file of countries, for programs. The body is the file itself, as <c>text/csv</c>; it comes in place of those before.</summary>
internal static class CountriesApi
{
    private const string NameWithout = "countries.csv";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/access/countries", ImportAsync).WithTags("Access").RequireAuthorization(AccessPolicies.Administer).RequireFormToken()
            .WithMetadata(new RequestSizeLimitAttribute(CountriesPage.LongestBytes)).Accepts<IFormFile>("text/csv")
            .WithSummary("Takes in a file of address ranges and their countries, in place of those before. Its name, for the list of what was done: ?name=");

    private static async Task<Results<Ok<CountriesOutcome.Done>, ProblemHttpResult>> ImportAsync(
        string? name, HttpContext context, ImportCountries import, IStringLocalizer<ConditionsTexts> text, CancellationToken cancel)
    {
        // Kept whole first, in a file of its own: lines are read without waiting for the network.
        context.Request.EnableBuffering();
        await context.Request.Body.CopyToAsync(Stream.Null, cancel);
        context.Request.Body.Position = 0;
        switch (await import.HandleAsync([(name is { Length: > 0 } ? name : NameWithout, context.Request.Body)], Actor.Of(context), cancel))
        {
            case CountriesOutcome.Done done:
                return TypedResults.Ok(done);
            case CountriesOutcome.Faulty { Faults: var faults }:
                var problem = Problems.Invalid("countries-faults");
                problem.ProblemDetails.Extensions["errors"] = faults.Select(f => new { f.File, f.Line, f.Code, f.Value, Words = f.In(text) }).ToList();
                return problem;
            default:
                throw new InvalidOperationException("An import ends in one of two ways.");
        }
    }
}
