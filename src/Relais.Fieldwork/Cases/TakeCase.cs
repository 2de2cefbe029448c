using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork.Dialling;
using Relais.Telephony.Contracts;

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

    /// <param name="Why">"no-case", "closed-hours", "no-study", "outside-shift", "not-interviewer", or "wait": Relais calls, and brings the case with the respondent. Null when a case is given.</param>
    /// <param name="Next">When it is worth asking again at the latest, if that is known.</param>
    public sealed record Response(Held? Case, string? Why, DateTimeOffset? Next)
    {
        /// <summary>The wave in which somebody waits for a call.</summary>
        [JsonIgnore]
        public int? Waits { get; init; }
    }

    // A pool says from when on one of its cases may be due.
    private const string HasDue = """
        SELECT EXISTS (SELECT 1 FROM fieldwork.pool p JOIN fieldwork.stratum s ON s.id = p.stratum_id AND s.open
          WHERE p.wave_id = $1 AND p.zone = ANY ($2) AND p.due_at <= $3 AND p.language = ANY ($4) AND (p.skill = '' OR p.skill = ANY ($5))
            AND EXISTS (SELECT 1 FROM fieldwork.cases c WHERE c.pool_id = p.id AND c.state = 1 AND c.due_at <= $3))
        """;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/cases/next", Handle).WithName("TakeCase")
        .WithSummary("The next case for the person who asks, or again the one they have");

    internal static async Task<Ok<Response>> Handle(
        Request request, HttpContext context, FieldworkDb db, Switchboard calls, DiallerSignals signals, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var answer = await HandleAsync(request.Command, person, calls.VoiceOf(person) is not VoiceState.Impossible, db, options.Value, clock, cancel);
        if (answer.Waits is { } wave)
            await WaitForCall.SitAsync(person, wave, db, signals, clock, cancel);
        return TypedResults.Ok(answer);
    }

    internal static Task<Response> HandleAsync(Guid command, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel) =>
        HandleAsync(command, person, dialled: false, db, options, clock, cancel);

    /// <param name="dialled">Whether this person's voice can be brought to somebody who was called already; else all waves are as preview.</param>
    internal static Task<Response> HandleAsync(
        Guid command, Guid person, bool dialled, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel) =>
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
                    ? await TakeAsync(asker, dialled, now, db, options, cancel)
                    : new Response(null, found.Why, found.Next);
            if (answer.Case is not null)
                await db.ExecuteAsync(Commands.Keep, [command, person, FieldworkJson.Write(answer), now], cancel);
            return answer;
        }, cancel);

    private static async Task<Response> TakeAsync(Asker asker, bool dialled, DateTimeOffset now, FieldworkDb db, FieldworkOptions options, CancellationToken cancel)
    {
        // Whoever asked to be called is called by an interviewer who has seen the case, in whatever wave.
        if (await ChooseCase.ByAppointmentAsync(db, asker, now, cancel) is { } promised)
            return await GiveAsync(promised);
        if (asker.Openings.Count == 0)
            return new Response(null, "closed-hours", asker.NextOpen(now));
        if (!dialled || !asker.Waves.Any(w => w.Dialled))
            return await ChooseCase.FromPoolsAsync(db, asker, now, cancel) is { } chosen ? await GiveAsync(chosen) : new Response(null, "no-case", null);
        foreach (var wave in asker.Waves)
        {
            var openings = asker.Openings.Where(o => o.Wave == wave.Id).ToList();
            if (openings.Count == 0)
                continue;
            if (wave.Dialled)
            {
                if (await db.ScalarAsync<bool>(HasDue, [wave.Id, openings.Select(o => o.Zone).ToArray(), now, asker.Languages, asker.Skills], cancel))
                    return new Response(null, "wait", null) { Waits = wave.Id };
            }
            else if (await ChooseCase.FromPoolsAsync(db, asker with { Openings = openings }, now, cancel) is { } one)
            {
                return await GiveAsync(one);
            }
        }

        return new Response(null, "no-case", null);

        async Task<Response> GiveAsync(Chosen found) => new(await HeldCases.TakeAsync(db, found, asker.Person, now, now + options.HoldFor, cancel), null, null);
    }
}
