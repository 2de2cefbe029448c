using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Samples;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Privacy;

/// <summary>What would go of one case.</summary>
internal sealed record CaseToErase(long Case, string Key, string Study, string Wave, string State, int Numbers, int Fields, int Remarks, int Interviews);

/// <summary>Whose data is meant: by one of their numbers, or by one of their cases.</summary>
internal sealed record Respondent(long? Number, long? Case)
{
    /// <summary>Reads what somebody typed: a number as people write it, or a case's own.</summary>
    public static Respondent? Parse(string? number, string? caseId) =>
        PhoneNumber.Parse(number ?? "") is { } digits ? new Respondent(digits, null)
        : string.IsNullOrWhiteSpace(number) && long.TryParse(caseId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new Respondent(null, id)
        : null;
}

/// <summary>
/// Takes a respondent's request: finds their cases over all studies, and notes what is to be erased. From that moment none of their numbers enters a sample any more;
/// the rest is done in the background, case by case (<see cref="CareForErasures"/>).
/// </summary>
internal sealed class EraseRespondent(FieldworkDb db, NumberHashes hashes, TimeProvider clock)
{
    private const int MostShown = 200;

    private const string Numbers = """
        SELECT DISTINCT n.number FROM fieldwork.case_number n WHERE n.case_id = ANY ($1)
        """;

    private const string Keep = "INSERT INTO fieldwork.erased_number (hash, at) SELECT h, $2 FROM unnest($1::bytea[]) AS u (h) ON CONFLICT DO NOTHING";

    private const string Forget = """
        WITH listed AS (DELETE FROM fieldwork.suppression WHERE number = ANY ($1))
        DELETE FROM fieldwork.number_state WHERE number = ANY ($1) AND (held_case IS NULL OR NOT EXISTS (SELECT FROM fieldwork.hold h WHERE h.case_id = held_case))
        """;

    /// <summary>Whom somebody means by what they typed: a number, a case's name in its sample, or its own number here.</summary>
    /// <returns>Null, and why as "Erasure.CODE" of the texts.</returns>
    public async Task<(Respondent? Respondent, string? Fault)> ReadAsync(string? number, string? named, CancellationToken cancel)
    {
        if (!string.IsNullOrWhiteSpace(number) || string.IsNullOrWhiteSpace(named))
            return Respondent.Parse(number, null) is { } said ? (said, null) : (null, "Number.Wrong");
        var key = named.Trim();
        // Wave by wave, which their index holds the names of.
        var waves = await db.Waves.Select(w => w.Id).ToListAsync(cancel);
        var cases = await db.Records.AsNoTracking().Where(r => waves.Contains(r.WaveId) && r.Key == key).Select(r => r.CaseId).Take(2).ToListAsync(cancel);
        return cases switch
        {
            [var one] => (new Respondent(null, one), null),
            [_, ..] => (null, "Case.Several"),
            _ when Respondent.Parse(null, key) is { Case: { } id } respondent && await db.Cases.AnyAsync(c => c.Id == id, cancel) => (respondent, null),
            _ => (null, "Case.Missing"),
        };
    }

    /// <summary>What would go, for whoever decides.</summary>
    public async Task<IReadOnlyList<CaseToErase>> FindAsync(Respondent respondent, CancellationToken cancel)
    {
        var cases = await CasesAsync(respondent, cancel);
        var found = await (from c in db.Cases.AsNoTracking() where cases.Contains(c.Id) join w in db.Waves on c.WaveId equals w.Id join s in db.Studies on w.StudyId equals s.Id
                           join r in db.Records on c.Id equals r.CaseId orderby c.Id
                           select new
                           {
                               c.Id, r.Key, Study = s.Name, Wave = w.Name, c.State, r.Fields, Numbers = db.Numbers.Count(n => n.CaseId == c.Id),
                               Remarks = db.Attempts.Count(a => a.CaseId == c.Id && a.Comment != null), Interviews = db.Interviews.Count(i => i.CaseId == c.Id),
                           }).Take(MostShown).ToListAsync(cancel);
        return found.ConvertAll(f => new CaseToErase(
            f.Id, f.Key, f.Study, f.Wave, f.State.ToString().ToLowerInvariant(), f.Numbers, FieldworkJson.Read<Dictionary<string, System.Text.Json.JsonElement>>(f.Fields).Count, f.Remarks, f.Interviews));
    }

    /// <param name="answersToo">Whether what they answered goes as well.</param>
    /// <returns>The request's id; null for a case that is not there.</returns>
    public async Task<Guid?> AskAsync(Respondent respondent, bool answersToo, Actor actor, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        // Nobody adds a case with these numbers meanwhile.
        await CaseWriter.TurnAsync(db, cancel);
        var cases = await CasesAsync(respondent, cancel);
        if (respondent.Case is not null && cases.Length == 0)
            return null;
        var numbers = await NumbersAsync(cases, cancel);
        if (respondent.Number is { } said)
            numbers.Add(said);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(Keep, [(await hashes.OfAsync(db, numbers, cancel)).ToArray(), now], cancel);
        await db.ExecuteAsync(Forget, [numbers.ToArray()], cancel);
        var erasure = new Erasure { Id = Guid.CreateVersion7(now), AskedAt = now, AskedByName = actor.Name, AnswersToo = answersToo, Left = cases, Numbers = numbers.Count };
        db.Erasures.Add(erasure);
        db.Audit(clock, actor, "respondent.erasure-asked", $"erasure:{erasure.Id}", "", new { cases = cases.Length, answersToo });
        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
        return erasure.Id;
    }

    // Those with this number; of a case, all that share one of its numbers.
    private async Task<long[]> CasesAsync(Respondent respondent, CancellationToken cancel)
    {
        if (respondent.Number is { } number)
            return await db.Numbers.AsNoTracking().Where(n => n.Number == number).Select(n => n.CaseId).Distinct().OrderBy(c => c).ToArrayAsync(cancel);
        var id = respondent.Case ?? 0;
        if (!await db.Records.AnyAsync(r => r.CaseId == id, cancel))
            return [];
        var numbers = await db.Numbers.Where(n => n.CaseId == id).Select(n => n.Number).ToListAsync(cancel);
        var others = await db.Numbers.AsNoTracking().Where(n => numbers.Contains(n.Number)).Select(n => n.CaseId).Distinct().ToListAsync(cancel);
        return [.. others.Append(id).Distinct().Order()];
    }

    private async Task<HashSet<long>> NumbersAsync(long[] cases, CancellationToken cancel)
    {
        var numbers = new HashSet<long>();
        await using var command = db.Command(Numbers, cases);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            numbers.Add(row.GetInt64(0));
        return numbers;
    }
}
