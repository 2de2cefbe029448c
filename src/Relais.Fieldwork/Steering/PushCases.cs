using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Steering;

/// <summary>Another system sends cases. A batch has an id: sent again, it is answered as the first time; a case that is there already is not taken twice.</summary>
internal static class PushCases
{
    public const int MostCases = 5000;
    private const int LongestBytes = 16 << 20;
    private const int MostMonths = 120;
    private const int LongestLanguage = 20;

    /// <summary>A case as another system sends it.</summary>
    /// <param name="Id">Unique in the wave: the same again is not taken twice.</param>
    /// <param name="Phones">As people write them; the first is called first.</param>
    /// <param name="Zone">IANA; else that of the number's country.</param>
    /// <param name="Priority">0 (first) to 9; else 5.</param>
    /// <param name="Replicate">From 1.</param>
    /// <param name="Fields">What the sample says, by name.</param>
    public sealed record PushedCase(
        string? Id, IReadOnlyList<string?>? Phones, string? Zone = null, string? Language = null, string? Skill = null, int? Priority = null, int? Replicate = null,
        IReadOnlyDictionary<string, string?>? Fields = null);

    /// <param name="AllOrNothing">One faulty case refuses the whole batch; otherwise the others are taken.</param>
    /// <param name="InterviewedWithinMonths">Whoever was interviewed within so many months, in any study, is left out.</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(MostCases)] IReadOnlyList<PushedCase> Cases, bool AllOrNothing = false, [property: Range(0, MostMonths)] int InterviewedWithinMonths = 0,
        [property: StringLength(LongestLanguage)] string? Language = null, string? Zone = null);

    /// <param name="State">"added", "already" (there, and the same), "refused", or "held-back" (right, but another one of the batch is not).</param>
    /// <param name="Case">Relais's own number of it.</param>
    /// <param name="Faults">Why it is refused: the column and a code.</param>
    public sealed record Row(int Place, string? Id, string State, long? Case, IReadOnlyList<Fault> Faults);

    public sealed record Fault(string? Column, string Code, string? Named);

    /// <param name="State">"taken", "taken-in-part" or "refused".</param>
    /// <param name="Suppressed">Of the added ones: how many are not called, because a suppression list names their numbers or they were interviewed lately.</param>
    public sealed record Response(string State, int Added, int Already, int Suppressed, int Refused, IReadOnlyList<Row> Rows);

    private sealed record Kept(string Sha256, Response Answer);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/waves/{wave:int}/batches/{batch:guid}", Handle).WithName("PushCases")
        .WithSummary("Add cases to a wave; the same batch again is answered the same, row by row")
        .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestBytes));

    internal static async Task<Results<Ok<Response>, UnprocessableEntity<Response>, ProblemHttpResult>> Handle(
        int wave, Guid batch, Request request, HttpContext context, SteeredStudies studies, FieldworkDb db, NumberHashes hashes, TimeProvider clock, CancellationToken cancel)
    {
        if (await studies.WaveAsync(wave, context.User, cancel) is not { } found)
            return Problems.Missing("wave-missing");
        if (request is not { Cases: { Count: > 0 and <= MostCases } sent, InterviewedWithinMonths: >= 0 and <= MostMonths } || request.Language?.Length > LongestLanguage || sent.Any(c => c is null))
            return Problems.Invalid("cases");
        if (found.State == WaveState.Closed)
            return Problems.Conflict("wave-closed");
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FieldworkJson.Write(request))));
        var key = context.User.SystemKey() ?? Guid.Empty;
        var kept = await db.InTurnAsync(
            () => db.OnceAsync(batch, key, clock.GetUtcNow(), async () => new Kept(sha, await TakeAsync(found, batch, request, Actor.Of(context), db, hashes, clock, cancel)), static _ => true, cancel), cancel);
        if (kept.Sha256 != sha)
            return Problems.Conflict("batch-differs");
        return kept.Answer.State == "refused" ? TypedResults.UnprocessableEntity(kept.Answer) : TypedResults.Ok(kept.Answer);
    }

    private static async Task<Response> TakeAsync(Wave wave, Guid batch, Request request, Actor actor, FieldworkDb db, NumberHashes hashes, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var writer = await CaseWriter.BeginAsync(db, wave, hashes, now, cancel);
        var there = await ThereAsync(db, wave.Id, [.. request.Cases.Select(c => c.Id?.Trim() ?? "").Distinct(StringComparer.Ordinal)], cancel);
        var known = await QuotaVariables.OfAsync(db, wave.Id, cancel);
        var (rows, fresh) = Read(request, writer, there, Settings(request), known);
        var refused = rows.Count(r => r.State == "refused");
        if (refused > 0 && request.AllOrNothing)
            return new Response("refused", 0, rows.Count(r => r.State == "already"), 0, refused, rows.ConvertAll(r => r.State == "added" ? r with { State = "held-back" } : r));

        foreach (var one in fresh)
            await writer.AddAsync(one, cancel);
        var since = request.InterviewedWithinMonths > 0 ? now.AddMonths(-request.InterviewedWithinMonths) : (DateTimeOffset?)null;
        var suppressed = fresh.Count == 0 ? 0 : await writer.EndAsync(since, cancel);
        var next = writer.First;
        var answered = rows.ConvertAll(r => r.State == "added" ? r with { Case = next++ } : r);
        db.Audit(clock, actor, "sample.pushed", EditStudies.Subject(wave.Id), wave.Name, new { batch, cases = fresh.Count, suppressed, refused });
        await db.SaveChangesAsync(cancel);
        return new Response(refused > 0 ? "taken-in-part" : "taken", fresh.Count, rows.Count(r => r.State == "already"), suppressed, refused, answered);
    }

    private static SampleSettings Settings(Request request)
    {
        var usual = new SampleSettings(InterviewedWithinMonths: request.InterviewedWithinMonths);
        return usual with { Language = request.Language ?? usual.Language, Zone = request.Zone ?? usual.Zone };
    }

    private static (List<Row> Rows, List<NewCase> Fresh) Read(
        Request request, CaseWriter writer, Dictionary<string, (long Case, List<long> Numbers)> there, SampleSettings settings, IReadOnlyList<string> known)
    {
        var (faults, rows, fresh) = (new LineFaults(), new List<Row>(), new List<NewCase>());
        using var table = new PushedRows(request.Cases);
        var reader = new SampleReader(settings, known, faults);
        if (table.ReservedField is { } reserved)
            faults.Add(new LineFault(null, reserved, "field-reserved"));
        var readable = faults.Count == 0 && reader.Begin(table.Columns);
        while (table.Next())
        {
            var before = faults.First.Count;
            var (id, place) = (table.Text(0).ToString(), (int)table.Line);
            var read = readable ? reader.Read(table) : null;
            if (read is not null && !writer.HasRoomFor(read.Pool.Known))
                faults.Add(new LineFault(place, null, "strata-many", read.Pool.Known));
            if (read is not null && there.TryGetValue(read.Key, out var one) && !one.Numbers.SequenceEqual(read.Numbers))
                faults.Add(new LineFault(place, "id", "id-differs", read.Key));
            var wrong = readable ? faults.First.Skip(before) : faults.First;
            if (read is null || faults.First.Count > before)
                rows.Add(new Row(place, id, "refused", null, [.. wrong.Select(f => new Fault(f.Column, f.Code, f.Named))]));
            else if (there.TryGetValue(read.Key, out var known1))
                rows.Add(new Row(place, id, "already", known1.Case, []));
            else
            {
                fresh.Add(read);
                rows.Add(new Row(place, id, "added", null, []));
            }
        }

        return (rows, fresh);
    }

    // Nobody else adds cases meanwhile: the writer's turn is ours.
    private static async Task<Dictionary<string, (long Case, List<long> Numbers)>> ThereAsync(FieldworkDb db, int wave, string[] ids, CancellationToken cancel)
    {
        var there = await db.Records.AsNoTracking().Where(r => r.WaveId == wave && ids.Contains(r.Key)).Select(r => new { r.Key, r.CaseId }).ToListAsync(cancel);
        var cases = there.ConvertAll(r => r.CaseId);
        var numbers = (await db.Numbers.AsNoTracking().Where(n => cases.Contains(n.CaseId)).OrderBy(n => n.Position).ToListAsync(cancel)).ToLookup(n => n.CaseId, n => n.Number);
        return there.ToDictionary(r => r.Key, r => (r.CaseId, numbers[r.CaseId].ToList()), StringComparer.Ordinal);
    }
}
