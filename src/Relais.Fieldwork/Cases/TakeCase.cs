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
        db.InTurnAsync(() =>
        {
            var now = clock.GetUtcNow();
            return db.OnceAsync(command, person, now, () => TakeAsync(person, now, db, options, cancel), answer => answer.Case is not null, cancel);
        }, cancel);

    private static async Task<Response> TakeAsync(Guid person, DateTimeOffset now, FieldworkDb db, FieldworkOptions options, CancellationToken cancel)
    {
        if (await HeldCases.AgainAsync(db, person, now, options, cancel) is { } again)
            return new Response(again, null, null);
        var (asker, why, next) = await Asker.FindAsync(db, person, now, cancel);
        if (asker is null)
            return new Response(null, why, next);
        if (await ChooseCase.ByAppointmentAsync(db, asker, now, cancel) is { } promised)
            return new Response(await HeldCases.TakeAsync(db, promised, person, now, options, cancel), null, null);
        if (asker.Openings.Count == 0)
            return new Response(null, "closed-hours", asker.NextOpen(now));
        return await ChooseCase.FromPoolsAsync(db, asker, now, cancel) is { } chosen
            ? new Response(await HeldCases.TakeAsync(db, chosen, person, now, options, cancel), null, null)
            : new Response(null, "no-case", null);
    }
}
