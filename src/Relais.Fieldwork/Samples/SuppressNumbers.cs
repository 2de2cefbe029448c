using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Samples;

/// <summary>Adds a list of numbers that are not to be called, whatever the study. Cases that have them are not given from then on.</summary>
internal sealed class SuppressNumbers(FieldworkDb db, TimeProvider clock)
{
    /// <summary>Of a page's form: some millions of numbers.</summary>
    public const int LongestFormBytes = 64 << 20;

    private const int MostUnread = 100;

    /// <param name="Added">Those that were not known before.</param>
    /// <param name="Unread">The first texts that are no numbers.</param>
    public sealed record Suppressed(int Added, IReadOnlyList<string> Unread);

    private const string Add = """
        INSERT INTO fieldwork.suppression (number, source, at) SELECT DISTINCT n, $2, $3::timestamptz FROM unnest($1::bigint[]) AS u (n) ON CONFLICT (number) DO NOTHING
        """;

    /// <summary>Takes a number off the list. It is not named in the audit trail; its source is, because a respondent may have asked for it.</summary>
    /// <returns>Where it came from; null: it was not on it.</returns>
    public async Task<string?> AllowAsync(long number, Actor actor, CancellationToken cancel)
    {
        if (await db.Suppressions.SingleOrDefaultAsync(s => s.Number == number, cancel) is not { } row)
            return null;
        db.Suppressions.Remove(row);
        db.Audit(clock, actor, "number.allowed", "", row.Source, new { listed = row.At });
        await db.SaveChangesAsync(cancel);
        return row.Source;
    }

    public async Task<Suppressed> HandleAsync(string source, IEnumerable<string> numbers, Actor actor, CancellationToken cancel)
    {
        var (read, unread) = (new List<long>(), new List<string>());
        foreach (var text in numbers.Where(n => !string.IsNullOrWhiteSpace(n)))
        {
            if (PhoneNumber.Parse(text) is { } number)
                read.Add(number);
            else if (unread.Count < MostUnread)
                unread.Add(text);
        }

        return await db.InTurnAsync(async () =>
        {
            var added = 0;
            foreach (var some in read.Chunk(50_000))
                added += await db.ExecuteAsync(Add, [some, source, clock.GetUtcNow()], cancel);
            db.Audit(clock, actor, "numbers.suppressed", "", source, new { added });
            await db.SaveChangesAsync(cancel);
            return new Suppressed(added, unread);
        }, cancel);
    }
}
