using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Api;

/// <summary>What supervisors and other steering systems do: /api/fieldwork. A change carries the form token in its header.</summary>
internal static class FieldworkApi
{
    private const long LongestSampleBytes = 2L << 30;

    public sealed record NewStudy([property: Required, StringLength(Study.NameLength)] string Name);

    /// <param name="Rules">Rules of calling; null: those of France.</param>
    public sealed record NewWave([property: Required, StringLength(Wave.NameLength)] string Name, DateOnly From, DateOnly Until, int Target = 0, int Priority = 5, JsonElement? Rules = null);

    public sealed record Cell([property: Required] IReadOnlyDictionary<string, string> Values, int Target);

    public sealed record NewQuota([property: Required, StringLength(Quota.NameLength)] string Name, bool Hard, [property: Required] IReadOnlyList<Cell> Cells);

    public sealed record NewTeam([property: Required, StringLength(Team.NameLength)] string Name, [property: Required] IReadOnlyList<Guid> Studies);

    public sealed record Abilities(Guid? Team, [property: Required] IReadOnlyList<string> Languages, IReadOnlyList<string>? Skills = null, bool Active = true);

    public sealed record Range([property: Required] string First, [property: Required] string Last);

    public sealed record Generation([property: Required] IReadOnlyList<Range> Ranges, int Count, long Seed, int Replicates = 1, string Language = "fr", string Zone = "Europe/Paris");

    public sealed record SuppressionList([property: Required, StringLength(100)] string Source, [property: Required] IReadOnlyList<string> Numbers);

    /// <param name="Mode">"manual", "preview", "progressive" or "predictive".</param>
    /// <param name="Caller">"ordinary" or "verified", which the last two modes must show.</param>
    /// <param name="LimitPercent">The share of answered calls that may find nobody, 0.1 to 5; with it go the two that follow.</param>
    /// <param name="RingSeconds">15 to 55.</param>
    /// <param name="Message">What those hear who answered and for whom nobody was free.</param>
    public sealed record Dialling(
        [property: Required, StringLength(20)] string Mode, [property: StringLength(20)] string Caller = "ordinary", decimal? LimitPercent = null, int? RingSeconds = null,
        [property: StringLength(WaveDialler.MessageLength)] string? Message = null);

    public sealed record Words(Guid? To, [property: Required, StringLength(Notice.TextLength)] string Text);

    public sealed record Numbered(int Id);

    public sealed record Named(Guid Id);

    public sealed record BatchAnswer(Guid Id, string FileName, DateTimeOffset At, string By, long Lines, long Cases, long Suppressed, long FaultCount, string State);

    public sealed record FaultAnswer(long? Line, string? Column, string Code, string? Named);

    public sealed record RateAnswer(string Name, string? Exact, double? Value);

    public sealed record CellAnswer(int Id, string Quota, string Values, bool Hard, int Target, int Completed, int Reserved, bool Closed, bool Shut);

    internal static void Map(RouteGroupBuilder work)
    {
        work.MapPost("/studies", AddStudy).WithName("AddFieldworkStudy").WithSummary("Make a study");
        work.MapPost("/studies/{id:guid}/waves", AddWave).WithName("AddFieldworkWave").WithSummary("Make a wave of a study");
        work.MapPut("/waves/{id:int}/rules", SetRules).WithName("SetCallRules").WithSummary("Change the rules of calling");
        work.MapPost("/waves/{id:int}/state/{state}", SetState).WithName("SetWaveState").WithSummary("running, paused or closed");
        work.MapPut("/waves/{id:int}/dialling", SetDialling).WithName("SetDialling").WithSummary("Who dials (manual, preview, progressive or predictive), and which number respondents are shown (ordinary or verified)");
        work.MapPost("/waves/{id:int}/replicates/{upTo:int}", Release).WithName("ReleaseReplicates").WithSummary("Let cases of replicates up to this one be called");
        work.MapPut("/waves/{id:int}/days/{day}/{target:int}", SetDay).WithName("SetDayTarget").WithSummary("How many completed interviews a day is to bring");
        work.MapPost("/waves/{id:int}/quotas", AddQuota).WithName("AddQuota").WithSummary("Add a quota, simple or interlocked, hard or soft");
        work.MapGet("/waves/{id:int}/quotas", Cells).WithName("ListQuotaCells").WithSummary("Cells with targets, completed interviews and reserved slots");
        work.MapPut("/quota-cells/{id:int}/target/{target:int}", SetTarget).WithName("SetCellTarget").WithSummary("Change a cell's target");
        work.MapPut("/quota-cells/{id:int}/days/{day}/{target:int}", SetCellDay).WithName("SetCellDayTarget").WithSummary("How many completed interviews a day is to bring to a cell");
        work.MapPost("/quota-cells/{id:int}/close", (int id, HttpContext context, EditQuotas edit, CancellationToken cancel) => CloseCell(id, true, context, edit, cancel)).WithName("CloseQuotaCell").WithSummary("Take a cell's cases out of the choice");
        work.MapPost("/quota-cells/{id:int}/reopen", (int id, HttpContext context, EditQuotas edit, CancellationToken cancel) => CloseCell(id, false, context, edit, cancel)).WithName("ReopenQuotaCell").WithSummary("Put a cell's cases back");
        work.MapPost("/waves/{id:int}/sample", Import).WithName("ImportSample").WithSummary("Import cases: CSV or Parquet as the body; all of them or none")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestSampleBytes));
        work.MapPost("/waves/{id:int}/numbers", Generate).WithName("GenerateNumbers").WithSummary("Draw numbers at random from ranges");
        work.MapGet("/waves/{id:int}/batches", Batches).WithName("ListSampleBatches").WithSummary("Imports of a wave, also the one under way");
        work.MapGet("/batches/{id:guid}/faults", Faults).WithName("ListSampleFaults").WithSummary("What is wrong with a refused file, line by line");
        work.MapPost("/suppressions", Suppress).WithName("SuppressNumbers").WithSummary("Numbers that are not to be called, whatever the study");
        work.MapPost("/teams", AddTeam).WithName("AddTeam").WithSummary("Make a team, for these studies");
        work.MapPut("/interviewers/{person:guid}", SetInterviewer).WithName("SetInterviewer").WithSummary("Languages, skills and team of an interviewer");
        work.MapPost("/cases/{id:long}/release", ReleaseCase).WithName("ReleaseCase").WithSummary("Take a case from whoever has it; with ?to= give it to somebody else");
        work.MapPost("/notices", Tell).WithName("TellInterviewers").WithSummary("A message to one interviewer or to all");
        work.MapGet("/waves/{id:int}/rates", Rates).WithName("GetOutcomeRates").WithSummary("Outcome rates of AAPOR as they stand; null: not defined");
    }

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> AddStudy(NewStudy study, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        Answer(await edit.AddAsync(study.Name, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> AddWave(Guid id, NewWave wave, HttpContext context, EditStudies edit, CancellationToken cancel)
    {
        if (!TryRules(wave.Rules, out var rules))
            return Problems.Invalid("rules");
        return Answer(await edit.AddWaveAsync(id, new WaveFields(wave.Name, wave.From, wave.Until, wave.Target, wave.Priority, rules), Actor.Of(context), cancel));
    }

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetRules(int id, JsonElement rules, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        TryRules(rules, out var read) && read is not null ? Answer(await edit.SetRulesAsync(id, read, Actor.Of(context), cancel)) : Problems.Invalid("rules");

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetState(int id, string state, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        Enum.TryParse<WaveState>(state, ignoreCase: true, out var wanted) && Enum.IsDefined(wanted) ? Answer(await edit.SetStateAsync(id, wanted, Actor.Of(context), cancel)) : Problems.Invalid("wave-state");

    private static DiallerFields? Fields(Dialling said) => said is { LimitPercent: null, RingSeconds: null, Message: null }
        ? null
        : new DiallerFields(said.LimitPercent ?? WaveDialler.UsualLimitPercent, said.RingSeconds ?? WaveDialler.UsualRingSeconds, said.Message ?? WaveDialler.UsualMessage);

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetDialling(int id, Dialling dialling, HttpContext context, EditWave edit, CancellationToken cancel) =>
        Enum.TryParse<DialMode>(dialling.Mode, ignoreCase: true, out var mode) && Enum.IsDefined(mode) && Enum.TryParse<CallerClass>(dialling.Caller, ignoreCase: true, out var caller) && Enum.IsDefined(caller)
            ? Answer(await edit.SetDiallingAsync(id, mode, caller, Fields(dialling), Actor.Of(context), cancel))
            : Problems.Invalid("dialling");

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> Release(int id, int upTo, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        Answer(await edit.ReleaseReplicatesAsync(id, upTo, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetDay(int id, DateOnly day, int target, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        Answer(await edit.SetDayAsync(id, day, target, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> AddQuota(int id, NewQuota quota, HttpContext context, EditQuotas edit, CancellationToken cancel) =>
        Answer(await edit.AddAsync(id, quota.Name, quota.Hard, [.. quota.Cells.Select(c => new CellFields(c.Values, c.Target))], Actor.Of(context), cancel));

    internal static async Task<Results<Ok<List<CellAnswer>>, ProblemHttpResult>> Cells(int id, ReadBoard board, CancellationToken cancel) =>
        await board.OfAsync(id, cancel) is { } picture
            ? TypedResults.Ok(picture.Cells.Select(c => new CellAnswer(c.Id, c.Quota, c.Values, c.Hard, c.Target, c.Completed, c.Reserved, c.Closed, c.Shut)).ToList())
            : Problems.Missing("wave-missing");

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetTarget(int id, int target, HttpContext context, EditQuotas edit, CancellationToken cancel) =>
        Answer(await edit.SetTargetAsync(id, target, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetCellDay(int id, DateOnly day, int target, HttpContext context, EditQuotas edit, CancellationToken cancel) =>
        Answer(await edit.SetDayAsync(null, id, day, target, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> CloseCell(int id, bool closed, HttpContext context, EditQuotas edit, CancellationToken cancel) =>
        Answer(await edit.CloseAsync(id, closed, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<BatchAnswer>, ProblemHttpResult>> Import(
        int id, HttpRequest request, ImportSample import, FieldworkDb db, CancellationToken cancel, string fileName = "sample.csv", int replicates = 1, string language = "fr", string zone = "Europe/Paris", int interviewedWithinMonths = 0)
    {
        // Read twice, should it be necessary; and a slow sender must not hold a transaction.
        var path = Path.GetTempFileName();
        try
        {
            await using (var kept = File.Create(path))
                await request.Body.CopyToAsync(kept, cancel);
            var settings = new SampleSettings(language, zone, Replicates: replicates, InterviewedWithinMonths: interviewedWithinMonths);
            var batch = await import.HandleAsync(id, fileName, () => File.OpenRead(path), settings, Actor.Of(request.HttpContext), cancel) switch
            {
                SampleResult.Kept kept => kept.Batch,
                SampleResult.Refused refused => refused.Batch,
                _ => Guid.Empty,
            };
            return batch == Guid.Empty ? Problems.Missing("wave-missing") : TypedResults.Ok(Answer(await db.Batches.AsNoTracking().SingleAsync(b => b.Id == batch, cancel)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> Generate(int id, Generation generation, HttpContext context, GenerateNumbers generate, CancellationToken cancel)
    {
        var ranges = generation.Ranges.Select(r => (First: PhoneNumber.Parse(r.First), Last: PhoneNumber.Parse(r.Last))).ToList();
        if (ranges.Exists(r => r.First is null || r.Last is null))
            return Problems.Invalid("ranges");
        var settings = new SampleSettings(generation.Language, generation.Zone, Replicates: generation.Replicates);
        return Answer(await generate.HandleAsync(
            id, ranges.ConvertAll(r => new GenerateNumbers.NumberRange(r.First ?? 0, r.Last ?? 0)), generation.Count, (ulong)generation.Seed, settings, Actor.Of(context), cancel));
    }

    internal static async Task<Ok<List<BatchAnswer>>> Batches(int id, FieldworkDb db, CancellationToken cancel) =>
        TypedResults.Ok((await db.Batches.AsNoTracking().Where(b => b.WaveId == id).OrderByDescending(b => b.At).Take(100).ToListAsync(cancel)).ConvertAll(Answer));

    internal static async Task<Ok<List<FaultAnswer>>> Faults(Guid id, FieldworkDb db, CancellationToken cancel) =>
        TypedResults.Ok(await db.SampleFaults.AsNoTracking().Where(f => f.BatchId == id).OrderBy(f => f.Position).Select(f => new FaultAnswer(f.Line, f.Column, f.Code, f.Named)).ToListAsync(cancel));

    internal static async Task<Ok<SuppressNumbers.Suppressed>> Suppress(SuppressionList list, HttpContext context, SuppressNumbers suppress, CancellationToken cancel) =>
        TypedResults.Ok(await suppress.HandleAsync(list.Source, list.Numbers, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> AddTeam(NewTeam team, HttpContext context, EditTeams edit, CancellationToken cancel) =>
        Answer(await edit.SaveAsync(null, team.Name, team.Studies, Actor.Of(context), cancel));

    internal static async Task<Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult>> SetInterviewer(Guid person, Abilities can, HttpContext context, EditTeams edit, CancellationToken cancel) =>
        Answer(await edit.SetInterviewerAsync(new PersonId(person), can.Team, can.Languages, can.Skills ?? [], can.Active, Actor.Of(context), cancel));

    internal static async Task<Results<NoContent, ProblemHttpResult>> ReleaseCase(long id, HttpContext context, SteerCases steer, CancellationToken cancel, Guid? to = null) =>
        await steer.ReleaseAsync(id, to, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Conflict("case-not-held");

    internal static async Task<Results<NoContent, ProblemHttpResult>> Tell(Words words, HttpContext context, SteerCases steer, CancellationToken cancel) =>
        await steer.TellAsync(words.To, words.Text, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Invalid("text");

    internal static async Task<Results<Ok<List<RateAnswer>>, ProblemHttpResult>> Rates(int id, ReadBoard board, CancellationToken cancel) =>
        await board.OfAsync(id, cancel) is { } picture
            ? TypedResults.Ok(picture.Rates.Select(r => new RateAnswer(r.Name, r.Value?.ToString(), r.Value?.Value)).ToList())
            : Problems.Missing("wave-missing");

    private static bool TryRules(JsonElement? element, out CallRules? rules)
    {
        rules = null;
        if (element is not { ValueKind: JsonValueKind.Object } given)
            return element is null;
        try
        {
            rules = FieldworkJson.Read<CallRules>(given.GetRawText());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static BatchAnswer Answer(SampleBatch b) =>
        new(b.Id, b.FileName, b.At, b.ByName, b.Lines, b.Cases, b.Suppressed, b.FaultCount, b.Kept switch { true => "kept", false => "refused", null => "under-way" });

    private static Results<Ok<Named>, Ok<Numbered>, ProblemHttpResult> Answer(EditResult result) => result switch
    {
        EditResult.Saved saved => TypedResults.Ok(new Named(saved.Id)),
        EditResult.SavedWave saved => TypedResults.Ok(new Numbered(saved.Id)),
        EditResult.Refused refused => Problems.Conflict(refused.Code, refused.Field),
        _ => Problems.Missing("not-found"),
    };
}
