using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Portal.Security;
using Relais.Telephony.Contracts;

namespace Relais.Telephony.Recordings;

/// <summary>The console of the interviewer notes which question was asked when.</summary>
internal static class MarkCall
{
    private const int Most = 500;

    public sealed record Request([Required, MaxLength(Most)] IReadOnlyList<CallMark> Marks);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/telephony/calls/{id:guid}/marks", Handle).WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Interview)
            .WithName("MarkCall").WithSummary("Note moments of one's own call, in milliseconds since the answer");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext context, TelephonyDb db, ICallMarks marks, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        if (!await db.Calls.AnyAsync(c => c.Id == id && c.PersonId == person, cancel))
            return Problems.Missing("call-missing");
        await marks.AddAsync(id, request.Marks, cancel);
        return TypedResults.NoContent();
    }
}
