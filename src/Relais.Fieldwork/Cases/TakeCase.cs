using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;

namespace Relais.Fieldwork.Cases;

/// <summary>The next case for an interviewer, or again the one they have: on another computer, after a reload.</summary>
internal static class TakeCase
{
    /// <param name="Command">A new id for each wish; the same again when the answer did not come.</param>
    public sealed record Request([property: Required] Guid Command);

    /// <param name="Number">In E.164, such as +33123456789.</param>
    public sealed record HeldNumber(int Position, string Number);

    /// <param name="Fence">Goes with everything that is said of the case from now on; refused once somebody else, or the same person elsewhere, took it.</param>
    /// <param name="Questionnaire">The version of the questionnaire that the interview follows; null when the wave has none.</param>
    /// <param name="Numbers">The one to call first stands first.</param>
    /// <param name="Fields">What the sample says.</param>
    /// <param name="Until">Without a sign until then the case comes back to the others.</param>
    /// <param name="Screened">Whether the interview had begun.</param>
    /// <param name="ByAppointment">Whether the respondent asked to be called now.</param>
    public sealed record Held(
        long Case, long Fence, int Wave, string WaveName, Guid Study, Guid? Questionnaire, string Key, string Language, string Zone, JsonElement Fields,
        IReadOnlyList<HeldNumber> Numbers, int Tries, DateTimeOffset Until, bool Screened, bool ByAppointment);

    /// <param name="Why">"no-case", "closed-hours", "no-study", "outside-shift" or "not-interviewer"; null when a case is given.</param>
    /// <param name="Next">When it is worth asking again at the latest, if that is known.</param>
    public sealed record Response(Held? Case, string? Why, DateTimeOffset? Next);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/cases/next", Handle).WithName("TakeCase")
        .WithSummary("The next case for the person who asks, or again the one they have");

    internal static async Task<Ok<Response>> Handle(
        Request request, HttpContext context, FieldworkDb db, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await HandleAsync(request.Command, context.User.PersonId().Value, db, options.Value, clock, cancel));

    internal static Task<Response> HandleAsync(
        Guid command, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel) =>
        db.InTurnAsync(async () =>
        {
            // Everything that does not depend on an answer goes in one round trip: this is asked for hundreds of times a minute (bench/Relais.Fieldwork.Bench).
            var now = clock.GetUtcNow();
            Held? again;
            (Asker? Asker, string? Why, DateTimeOffset? Next) found;
            await using (var batch = db.Batch(
                (Commands.Lock, [command.ToString()]), (Commands.Find, [person, command]), (HeldCases.Again, [person, now, now + options.HoldFor, command]), (Asker.Find, [person, now])))
            {
                await batch.PrepareAsync(cancel);
                await using var row = await batch.ExecuteReaderAsync(cancel);
                await row.NextResultAsync(cancel);
                if (await row.ReadAsync(cancel))
                    return FieldworkJson.Read<Response>(row.GetString(0));
                await row.NextResultAsync(cancel);
                again = await HeldCases.ReadAsync(row, cancel);
                await row.NextResultAsync(cancel);
                found = await Asker.ReadAsync(row, person, now, cancel);
            }

            var answer = again is not null
                ? new Response(await HeldCases.WithNumbersAsync(db, again, cancel), null, null)
                : found.Asker is { } asker
                    ? await TakeAsync(asker, person, now, db, options, cancel)
                    : new Response(null, found.Why, found.Next);
            if (answer.Case is not null)
                await db.ExecuteAsync(Commands.Keep, [command, person, FieldworkJson.Write(answer), now], cancel);
            return answer;
        }, cancel);

    private static async Task<Response> TakeAsync(Asker asker, Guid person, DateTimeOffset now, FieldworkDb db, FieldworkOptions options, CancellationToken cancel)
    {
        if (await ChooseCase.ByAppointmentAsync(db, asker, now, cancel) is { } promised)
            return new Response(await HeldCases.TakeAsync(db, promised, person, now, options, cancel), null, null);
        if (asker.Openings.Count == 0)
            return new Response(null, "closed-hours", asker.NextOpen(now));
        return await ChooseCase.FromPoolsAsync(db, asker, now, cancel) is { } chosen
            ? new Response(await HeldCases.TakeAsync(db, chosen, person, now, options, cancel), null, null)
            : new Response(null, "no-case", null);
    }
}
