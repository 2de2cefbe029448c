using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Access.Imports;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Access.Api;

/// <summary>Lists of people, for programs. The body is the file itself, as <c>text/csv</c>.</summary>
internal static class ImportApi
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var import = routes.MapGroup("/api/access/people/import").WithTags("Access").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        import.MapPost("/check", Check).WithName("CheckImport").WithSummary("What a list of people would change, and what is wrong with it")
            .Accepts<IFormFile>("text/csv");
        import.MapPost("", Apply).WithName("ImportPeople").WithSummary("Add and change the people of a list, all or nothing")
            .Accepts<IFormFile>("text/csv");
    }

    internal static async Task<Ok<ImportReport>> Check(HttpContext context, PlanImport plan, IStringLocalizer<PeopleTexts> text, CancellationToken cancel) =>
        TypedResults.Ok(ImportReport.Of(await plan.HandleAsync(await ReadAsync(context, cancel), cancel), applied: false, text));

    internal static async Task<Results<Ok<ImportReport>, ProblemHttpResult>> Apply(
        HttpContext context, ImportPeople import, IStringLocalizer<PeopleTexts> text, CancellationToken cancel)
    {
        switch (await import.HandleAsync(await ReadAsync(context, cancel), mark: null, Actor.Of(context), cancel))
        {
            case ImportOutcome.Done done:
                return TypedResults.Ok(ImportReport.Of(done.Plan, applied: true, text));
            case ImportOutcome.Refused refused:
                var problem = Problems.Invalid("import-faults", text["Import.Faults", refused.Plan.Faults.Count]);
                problem.ProblemDetails.Extensions["report"] = ImportReport.Of(refused.Plan, applied: false, text);
                return problem;
            default:
                return Problems.Conflict("changed-meanwhile", text["Import.Overtaken"]);
        }
    }

    // One byte more than may be: the reading says that it is too long.
    private static async Task<PeopleFile> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        var bytes = new byte[PeopleFile.LongestBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return PeopleFile.Read(bytes.AsSpan(0, length));
    }
}
