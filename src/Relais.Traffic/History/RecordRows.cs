using System.Runtime.InteropServices;
using System.Text;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.History;

/// <summary>Rows of history from records of collectors: a page view each, and of players what was heard, put together by session. What was sent twice is there once.</summary>
internal sealed class RecordRows(Func<int, string> siteName)
{
    // Between two heartbeats there are no gaps but those of clocks.
    private const long SameMs = 2000;
    private const long Ms = 1000;

    private readonly HashSet<UInt128> _ids = [];
    private readonly List<RequestRow> _views = [];
    private readonly Dictionary<Player, Heard> _heard = [];

    public int Count => _ids.Count;

    public IReadOnlyList<RequestRow> Views => _views;

    public IEnumerable<ListenRow> Listens => _heard.SelectMany(h => Merged(h.Value.Spans).Select(s => h.Value.Row with { Start = s.From / Ms, Stop = s.To / Ms }));

    public void Take(in Record record)
    {
        if (!_ids.Add(record.Id))
            return;
        if (record.Kind == RecordKind.PageView)
        {
            _views.Add(new RequestRow(
                record.HappenedMs / Ms, siteName(record.Site), Text(record.Path), "GET", 200, true, record.IsBot, record.Visitor, DeviceOf(record), Text(record.Player), Text(record.Region)));
        }
        else if (record is { IsOfPlayer: true, PlayedMs: > 0 })
        {
            ref var heard = ref CollectionsMarshal.GetValueRefOrAddDefault(_heard, new Player(record.Site, record.Session, Text(record.Channel)), out var there);
            if (!there)
            {
                var listener = record.Visitor == 0 ? record.Session : record.Visitor;
                heard = new Heard(new ListenRow(0, 0, siteName(record.Site), Text(record.Channel), record.IsBot, listener, DeviceOf(record), Text(record.Player), Text(record.Region)), []);
            }

            heard!.Spans.Add((record.HappenedMs - record.PlayedMs, record.HappenedMs));
        }
    }

    private static IEnumerable<(long From, long To)> Merged(List<(long From, long To)> spans)
    {
        spans.Sort();
        var (from, to) = spans[0];
        foreach (var (next, end) in spans)
        {
            if (next - to <= SameMs)
            {
                to = Math.Max(to, end);
                continue;
            }

            yield return (from, to);
            (from, to) = (next, end);
        }

        yield return (from, to);
    }

    private static string DeviceOf(in Record record) => record.Device == DeviceKind.Unknown ? "" : record.Device.ToString().ToLowerInvariant();

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private sealed record Heard(ListenRow Row, List<(long From, long To)> Spans);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Player(int Site, ulong Session, string Channel);
}
