using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork.Quotas;
using Relais.Kernel;

namespace Relais.Fieldwork.Cases;

/// <summary>The respondent's quota variables are known: a slot is reserved in each cell they fall into, or they are told that there is none.</summary>
internal static class ScreenCase
{
    /// <param name="Values">Quota variables by name, as answered; what the sample knows is added.</param>
    public sealed record Request(Guid Command, long Fence, IReadOnlyDictionary<string, string> Values);

    /// <param name="State">"reserved", "full" or "lost".</param>
    /// <param name="Cell">The cell that takes nobody, when full.</param>
    public sealed record Response(string State, int? Cell, DateTimeOffset? Until);

    private const string Find = """
        SELECT h.wave_id FROM fieldwork.cases c JOIN fieldwork.hold h ON h.case_id = c.id WHERE c.id = $1 AND h.person_id = $2 AND h.fence = $3 FOR UPDATE OF c
        """;

    private const string Known = "SELECT s.known FROM fieldwork.cases c JOIN fieldwork.pool p ON p.id = c.pool_id JOIN fieldwork.stratum s ON s.id = p.stratum_id WHERE c.id = $1";

    private const string Begin = "UPDATE fieldwork.hold SET stage = 1, seen_at = $2, until = $3 WHERE case_id = $1";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/cases/{id:long}/screen", Handle).WithName("ScreenCase")
        .WithSummary("Reserve a quota slot for the respondent, or learn that their cell is full");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        long id, Request request, HttpContext context, FieldworkDb db, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel) =>
        await HandleAsync(id, request, context.User.PersonId().Value, db, options.Value, clock, cancel) is { State: not "lost" } answer
            ? TypedResults.Ok(answer)
            : Problems.Conflict("case-lost");

    internal static Task<Response> HandleAsync(
        long id, Request request, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel) =>
        db.InTurnAsync(() =>
        {
            var now = clock.GetUtcNow();
            return db.OnceAsync(request.Command, person, now, () => ScreenAsync(id, request, person, now, db, options, cancel), answer => answer.State != "lost", cancel);
        }, cancel);

    private static async Task<Response> ScreenAsync(
        long id, Request request, Guid person, DateTimeOffset now, FieldworkDb db, FieldworkOptions options, CancellationToken cancel)
    {
        if (await db.ScalarAsync<int?>(Find, [id, person, request.Fence], cancel) is not { } wave)
            return new Response("lost", null, null);
        var until = now + options.InterviewHoldFor;
        await db.ExecuteAsync(Begin, [id, now, until], cancel);
        var values = await ValuesAsync(db, id, request.Values, cancel);
        return await QuotaSlots.ReserveAsync(db, id, wave, values, now, cancel) is { } full
            ? new Response("full", full, until)
            : new Response("reserved", null, until);
    }

    /// <summary>What the sample knew, and over it what was answered.</summary>
    internal static async Task<string> ValuesAsync(FieldworkDb db, long id, IReadOnlyDictionary<string, string> answered, CancellationToken cancel)
    {
        var known = await db.ScalarAsync<string>(Known, [id], cancel) ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Case {id} has no pool."));
        var values = JsonSerializer.Deserialize<Dictionary<string, string>>(known) ?? [];
        foreach (var (name, value) in answered)
            values[name] = value;
        return JsonSerializer.Serialize(values);
    }
}
