using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel;

namespace Relais.Fieldwork.Teams;

/// <summary>An open console says every ten seconds what its interviewer does and which messages they read; it is told what is new for them.</summary>
internal static class SignOfConsole
{
    /// <summary>Without a sign for so long, the console was closed meanwhile.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan MessagesKept = TimeSpan.FromHours(12);

    /// <param name="Doing">"between", "call", "pause", or "training", which leaves no trace.</param>
    /// <param name="Read">Messages that were read since the last sign.</param>
    public sealed record Request([property: Required, StringLength(20)] string Doing, [property: MaxLength(100)] IReadOnlyList<long>? Read = null);

    /// <param name="Kind">"words", or what happened to the reader's work: "case-taken", "case-given", "interview-rejected".</param>
    public sealed record Message(long Id, string Kind, string Text, string By, DateTimeOffset At);

    /// <param name="Messages">Not read yet, the oldest first.</param>
    /// <param name="ShiftUntil">When the shift that is under way ends; null: none is.</param>
    public sealed record Response(IReadOnlyList<Message> Messages, DateTimeOffset? ShiftUntil);

    // The stretch that is under way goes on, or the next one follows it without a gap.
    private const string Record = """
        WITH last AS (SELECT id, doing, until FROM fieldwork.presence WHERE person_id = $1 AND until >= $4 ORDER BY until DESC LIMIT 1),
        going AS (UPDATE fieldwork.presence p SET until = $3 FROM last l WHERE p.id = l.id RETURNING p.doing)
        INSERT INTO fieldwork.presence (person_id, doing, "from", until)
        SELECT $1, $2, $3, $3 WHERE NOT EXISTS (SELECT 1 FROM going WHERE doing = $2)
        """;

    private const string Acknowledge = """
        INSERT INTO fieldwork.notice_read (notice_id, person_id, at)
        SELECT n.id, $1, $2 FROM fieldwork.notice n WHERE n.id = ANY ($3) AND (n.person_id IS NULL OR n.person_id = $1) ON CONFLICT DO NOTHING
        """;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/console/sign", Handle).WithName("SignOfConsole")
        .WithSummary("What the console's interviewer does, and the messages for them that are not read yet");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Request request, HttpContext context, FieldworkDb db, TimeProvider clock, CancellationToken cancel)
    {
        var training = request.Doing == "training";
        var known = Enum.TryParse<Doing>(request.Doing, ignoreCase: true, out var doing) && Enum.IsDefined(doing);
        if (!known && !training)
            return Problems.Invalid("doing");
        var (person, now) = (context.User.PersonId().Value, clock.GetUtcNow());
        return TypedResults.Ok(await HandleAsync(person, training ? null : doing, request.Read ?? [], now, db, cancel));
    }

    /// <param name="doing">Null: nothing is recorded of it.</param>
    internal static Task<Response> HandleAsync(Guid person, Doing? doing, IReadOnlyList<long> read, DateTimeOffset now, FieldworkDb db, CancellationToken cancel) =>
        db.InTurnAsync(() => SignAsync(person, doing, read, now, db, cancel), cancel);

    private static async Task<Response> SignAsync(Guid person, Doing? doing, IReadOnlyList<long> read, DateTimeOffset now, FieldworkDb db, CancellationToken cancel)
    {
        if (doing is { } does)
            await db.ExecuteAsync(Record, [person, (short)does, now, now - Gap], cancel);
        if (read.Count > 0)
            await db.ExecuteAsync(Acknowledge, [person, now, read.ToArray()], cancel);
        var since = now - MessagesKept;
        var messages = await db.Notices.AsNoTracking()
            .Where(n => n.At > since && (n.PersonId == null || n.PersonId == person) && !db.NoticeReads.Any(r => r.NoticeId == n.Id && r.PersonId == person))
            .OrderBy(n => n.Id).Take(20).Select(n => new Message(n.Id, n.Kind, n.Text, n.ByName, n.At)).ToListAsync(cancel);
        var shift = await db.Shifts.AsNoTracking().Where(s => s.PersonId == person && s.From <= now && s.Until > now).Select(s => (DateTimeOffset?)s.Until).MaxAsync(cancel);
        return new Response(messages, shift);
    }
}
