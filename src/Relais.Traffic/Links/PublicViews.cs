using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;
using Relais.Traffic.Explore;
using Relais.Traffic.History;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Links;

/// <summary>What a view shows now.</summary>
internal sealed record PublicView(ExplorerQuery Query, ReportQuestion Question, ShownReport Report);

/// <summary>Views that anybody may look at: each is asked of the history once a minute at most, however many look.</summary>
internal sealed class PublicViews(KeptHistory history, TimeProvider clock)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, Lazy<Task<PublicView?>> View)> _views = new();

    /// <returns>Null when the view's address asks for nothing that can be told any more.</returns>
    public Task<PublicView?> OfAsync(PublicLink link, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _views.Where(v => now - v.Value.At > 2 * Fresh))
            _views.TryRemove(old);
        return _views.AddOrUpdate(link.Id, _ => Ask(link, now), (_, kept) => now - kept.At < Fresh && !kept.View.Value.IsFaulted ? kept : Ask(link, now)).View.Value.WaitAsync(cancel);
    }

    // Whoever asked first may leave: the answer is for all.
    private (DateTimeOffset, Lazy<Task<PublicView?>>) Ask(PublicLink link, DateTimeOffset now) => (now, new Lazy<Task<PublicView?>>(() => AskAsync(link.Target, now)));

    private async Task<PublicView?> AskAsync(string address, DateTimeOffset now)
    {
        var given = QueryHelpers.ParseQuery(address);
        var query = ExplorerQuery.Of(name => given.TryGetValue(name, out var values) ? values.LastOrDefault() : null, history.DayOf(now));
        return query.Parse(history.Zone) is ReportArguments.Good good
            ? new PublicView(query, good.Question, ShownReport.Of(good.Question, await history.AskAsync(good.Question, CancellationToken.None), query.Measure))
            : null;
    }
}
