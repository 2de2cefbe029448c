using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Audience.Runs;

namespace Relais.Audience.Interviews;

/// <summary>Which completed interviews of Fieldwork did not arrive here. Those whose time is over are not missed.</summary>
internal static class MissingInterviews
{
    public static async Task<IReadOnlyList<Guid>> FindAsync(IServiceProvider services, IReadOnlyDictionary<Guid, DateTimeOffset> completed, CancellationToken cancel)
    {
        var keepDays = services.GetRequiredService<IOptions<RunOptions>>().Value.KeepDays;
        var oldest = keepDays == 0 ? DateTimeOffset.MinValue : services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-keepDays);
        var wanted = completed.Where(c => c.Value >= oldest).Select(c => c.Key).ToList();
        var there = await services.GetRequiredService<AudienceDb>().FieldInterviews.AsNoTracking().Where(i => wanted.Contains(i.Id)).Select(i => i.Id).ToListAsync(cancel);
        return [.. wanted.Except(there)];
    }
}
