using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel;

namespace Relais.Fieldwork.Cases;

/// <summary>A sign of life: the case stays with its interviewer. It brings what supervisors wrote meanwhile.</summary>
internal static class KeepCase
{
    /// <param name="NoticesAfter">The last message that was read; 0: none.</param>
    public sealed record Request(long Fence, long NoticesAfter = 0);

    public sealed record Message(long Id, string Text, string By, DateTimeOffset At);

    public sealed record Response(DateTimeOffset Until, IReadOnlyList<Message> Messages);

    private const string Keep = """
        UPDATE fieldwork.hold SET seen_at = $4, until = CASE stage WHEN 0 THEN $5 ELSE $6 END
        WHERE case_id = $1 AND person_id = $2 AND fence = $3 RETURNING until
        """;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/cases/{id:long}/keep", Handle).WithName("KeepCase")
        .WithSummary("A sign of life of whoever has the case; every ten seconds or so");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        long id, Request request, HttpContext context, FieldworkDb db, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel) =>
        await HandleAsync(id, request, context.User.PersonId().Value, db, options.Value, clock, cancel) is { } kept
            ? TypedResults.Ok(kept)
            : Problems.Conflict("case-lost");

    /// <returns>Null: the case is not this person's any more, or was taken elsewhere.</returns>
    internal static async Task<Response?> HandleAsync(
        long id, Request request, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            if (await db.ScalarAsync<DateTime?>(Keep, [id, person, request.Fence, now, now + options.HoldFor, now + options.InterviewHoldFor], cancel) is not { } until)
                return null;
            return new Response(new DateTimeOffset(until, TimeSpan.Zero), await MessagesAsync(db, person, request.NoticesAfter, now, cancel));
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    internal static Task<List<Message>> MessagesAsync(FieldworkDb db, Guid person, long after, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now.AddHours(-12);
        return db.Notices.AsNoTracking().Where(n => n.Id > after && n.At > since && (n.PersonId == null || n.PersonId == person))
            .OrderBy(n => n.Id).Take(50).Select(n => new Message(n.Id, n.Text, n.ByName, n.At)).ToListAsync(cancel);
    }
}
