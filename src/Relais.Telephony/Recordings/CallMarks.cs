using Microsoft.EntityFrameworkCore;
using Relais.Telephony.Contracts;

namespace Relais.Telephony.Recordings;

/// <summary>The marks of calls.</summary>
internal sealed class CallMarks(TelephonyDb db) : ICallMarks
{
    private const string Add =
        """
        INSERT INTO telephony.call_mark (call_id, ms, label) SELECT c.id, u.ms, u.label FROM unnest({1}::int[], {2}::text[]) AS u (ms, label)
        JOIN telephony.call c ON c.id = {0} ON CONFLICT DO NOTHING
        """;

    public async Task AddAsync(Guid call, IReadOnlyList<CallMark> marks, CancellationToken cancel)
    {
        var fit = marks.Where(m => m.Ms >= 0 && m.Label.Length is > 0 and <= CallMarkRow.LabelLength && !m.Label.Contains('\0', StringComparison.Ordinal)).ToList();
        if (fit.Count > 0)
            await db.Database.ExecuteSqlRawAsync(Add, [call, fit.ConvertAll(m => m.Ms), fit.ConvertAll(m => m.Label)], cancel);
    }
}
