using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Samples;

/// <summary>Random-digit sampling: cases with numbers drawn from ranges, each number once.</summary>
internal sealed class GenerateNumbers(FieldworkDb db, NumberHashes hashes, TimeProvider clock)
{
    public const int Most = 1_000_000;

    /// <summary>Numbers from the first to the last, both included, in E.164.</summary>
    public sealed record NumberRange(long First, long Last);

    private const string Taken = """
        SELECT number FROM fieldwork.suppression WHERE number = ANY ($1)
        UNION SELECT n.number FROM fieldwork.case_number n JOIN fieldwork.cases c ON c.id = n.case_id WHERE c.wave_id = $2 AND n.number = ANY ($1)
        """;

    /// <param name="seed">The same seed draws the same numbers from the same ranges.</param>
    /// <returns>Refused when the ranges do not hold so many numbers that may be called.</returns>
    public async Task<EditResult> HandleAsync(
        int waveId, IReadOnlyList<NumberRange> ranges, int count, ulong seed, SampleSettings settings, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new EditResult.Missing();
        if (count is < 1 or > Most || ranges.Count == 0 || ranges.Any(r => r.Last < r.First || PhoneNumber.Parse(PhoneNumber.Write(r.First)) is null || PhoneNumber.Parse(PhoneNumber.Write(r.Last)) is null))
            return new EditResult.Refused("Ranges", "ranges");
        var size = ranges.Sum(r => r.Last - r.First + 1);
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        var writer = await CaseWriter.BeginAsync(db, wave, hashes, clock.GetUtcNow(), cancel);
        var drawn = new HashSet<long>();
        var state = seed;
        var kept = 0;
        while (kept < count)
        {
            var fresh = new List<long>();
            // Each number of all ranges has the same chance; one that came before is passed over.
            for (var tries = 0; fresh.Count < Math.Min(20_000, count - kept) && tries < 40_000 + size / 10; tries++)
            {
                var number = At(ranges, (long)(CaseWriter.Scramble(state++) % (ulong)size));
                if (drawn.Add(number))
                    fresh.Add(number);
            }

            var taken = await TakenAsync(fresh, waveId, cancel);
            foreach (var number in fresh.Where(n => !taken.Contains(n) && !writer.IsErased(n)))
            {
                await writer.AddAsync(CaseOf(number, settings), cancel);
                kept++;
            }

            if (kept < count && (drawn.Count >= size || fresh.Count == 0))
                return new EditResult.Refused("Ranges", "ranges-small");
        }

        await writer.EndAsync(null, cancel);
        db.Audit(clock, actor, "sample.generated", EditStudies.Subject(waveId), wave.Name, new { count, seed, ranges });
        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
        return new EditResult.SavedWave(waveId);
    }

    private async Task<HashSet<long>> TakenAsync(List<long> numbers, int wave, CancellationToken cancel)
    {
        var taken = new HashSet<long>();
        await using var command = db.Command(Taken, numbers.ToArray(), wave);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            taken.Add(row.GetInt64(0));
        return taken;
    }

    private static NewCase CaseOf(long number, SampleSettings settings)
    {
        var replicate = settings.Replicates <= 1 ? 1 : (int)(CaseWriter.Scramble((ulong)number) % (ulong)settings.Replicates) + 1;
        var pool = new NewPool("{}", PhoneNumber.ZoneOf(number) ?? settings.Zone, settings.Language, "", 5);
        return new NewCase(PhoneNumber.Write(number), pool, replicate, [number], "{}");
    }

    private static long At(IReadOnlyList<NumberRange> ranges, long place)
    {
        foreach (var range in ranges)
        {
            var size = range.Last - range.First + 1;
            if (place < size)
                return range.First + place;
            place -= size;
        }

        throw new ArgumentOutOfRangeException(nameof(place));
    }
}
