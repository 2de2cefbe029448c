using System.Runtime.InteropServices;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Measures.Live;

/// <summary>
/// From records in the order of a log to figures of now: who listens and who visits, starts and views by the minute in which they happened, who came today. What was not
/// committed is kept apart, so that the log's position and the figures go into one transaction. For one thread.
/// </summary>
/// <remarks>
/// A listener is a session that started or beat within <see cref="ListenerMs"/> and did not pause or stop since; a visitor one who saw a page within
/// <see cref="VisitorMs"/>. Records of an id that was seen within ten minutes count once; robots do not count. A heard slot belongs to the minute in which it was heard.
/// </remarks>
public sealed partial class LiveAggregate
{
    /// <summary>A player beats every 30 s: three beats missed end the listening.</summary>
    public const int ListenerMs = 90_000;

    public const int VisitorMs = 300_000;

    /// <summary>A session's slots are remembered so long after its last sign.</summary>
    public const int SessionMs = 30 * 60_000;

    /// <summary>A minute is closed so long after its end; what comes later amends it.</summary>
    public const int WatermarkMs = 60_000;

    /// <summary>An id is remembered for at least this long, unless a crowd sends more than fit.</summary>
    public const int IdsMs = RecentIds.GenerationMs;

    private const int MinuteMs = 60_000;
    private const int QuarterMs = 15 * MinuteMs;

    private readonly DimensionValues _values = new();
    private readonly RecentIds _ids = new();
    private readonly Dictionary<ulong, Player> _players = [];
    private readonly Dictionary<ulong, Visitor> _visitors = [];
    private readonly Dictionary<long, List<(bool IsPlayer, ulong Key)>> _due = [];
    private readonly TimedCells<LiveCellChange> _cells = new();
    private readonly TimedCells<LiveReachSketch> _reach = new();
    private readonly Dictionary<int, LiveReachSketch> _day = [];
    private readonly int[] _devices = new int[Words.Length];
    private readonly List<int> _listening = [];
    private readonly List<int> _visiting = [];
    private long _dayFrom;
    private long _dayUntil;
    private long _lastTick = long.MinValue;
    private int? _lastSite;
    private int _lastSiteValue;

    /// <summary>Records that counted.</summary>
    public long Counted { get; private set; }

    public long Duplicates { get; private set; }

    public long Robots { get; private set; }

    /// <summary>Records of a minute that was closed already.</summary>
    public long Late { get; private set; }

    /// <summary>Starts that counted.</summary>
    public long Starts { get; private set; }

    /// <summary>Page views that counted.</summary>
    public long Views { get; private set; }

    public int Listeners => At(_listening, _values.All);

    public int Visitors => At(_visiting, _values.All);

    /// <summary>Takes one record.</summary>
    /// <param name="counted">False for records that a commit has counted before this process began: they only say who is here, and which ids were.</param>
    public void Take(in Record record, bool counted = true)
    {
        if (record.IsBot)
        {
            Robots += counted ? 1 : 0;
            return;
        }

        var id = RecentIds.KeyOf(record.Id);
        if (!_ids.Add(id, record.ReceivedMs))
        {
            Duplicates += counted ? 1 : 0;
            return;
        }

        if (counted && _elsewhere.Has(id))
        {
            Duplicates++;
            counted = false;
            if (_shared)
                _twins.Add(id);
        }

        Span<int> values =
        [
            _values.All, OfSite(record.Site), Of(Dimension.Channel, record.Channel), OfDevice(Math.Min((int)record.Device, Words.Length - 1)),
            Of(Dimension.Region, record.Region), Of(Dimension.Player, record.Player),
        ];
        var reached = false;
        if (record.IsOfPlayer)
            reached = TakePlayer(record, values, counted);
        else if (record.Kind is RecordKind.PageView)
            TakeVisitor(record, values);
        if (!counted)
            return;
        Count(record, values, reached);
        if (_shared)
            _freshIds.Add(id);
    }

    /// <summary>Brings who is here up to a moment, about once a second: those who gave no sign leave, and peaks are kept.</summary>
    public void Tick(long nowMs)
    {
        var second = nowMs / 1000;
        // At the first tick, and after a jump of the clock, all that is due goes.
        if (_lastTick == long.MinValue || second - _lastTick > 3600 || second < _lastTick)
        {
            foreach (var due in _due.Keys.Where(s => s <= second).ToList())
                Leave(due, nowMs);
        }
        else
        {
            for (var due = _lastTick; due <= second; due++)
                Leave(due, nowMs);
        }

        _lastTick = second;
        for (var value = 0; value < _values.Count; value++)
        {
            var (listeners, visitors) = (At(_listening, value), At(_visiting, value));
            if (listeners == 0 && visitors == 0)
                continue;
            var cell = _cells.At((int)(nowMs / MinuteMs), value);
            (cell.PeakListeners, cell.PeakVisitors) = (Math.Max(cell.PeakListeners, listeners), Math.Max(cell.PeakVisitors, visitors));
        }
    }

    // Gives whether all sketches have this listener already: of a player's beats, one a quarter of an hour is new to them.
    private bool TakePlayer(in Record record, ReadOnlySpan<int> values, bool counted)
    {
        ref var player = ref CollectionsMarshal.GetValueRefOrAddDefault(_players, Key(record.Site, record.Session), out var known);
        if (!known)
            player = new Player { Heard = HeardSlots.None, LastMs = long.MinValue };
        var here = new Here(values);
        // Told out of order: an older sign does not bring back who has stopped since.
        var newer = record.HappenedMs >= player.LastMs;
        var newPlace = player.Here != here;
        if (newer)
        {
            // What waited in a player's memory and comes hours later says nothing of now.
            var listens = record.Kind is RecordKind.Start or RecordKind.Heartbeat && !IsOver(record.HappenedMs + ListenerMs);
            if (!player.Listens && !IsOver(record.HappenedMs + ListenerMs))
                Arrived(Key(record.Site, record.Session));
            // A beat changes nothing of who is where.
            if (player.Listens != listens || player.Here != here)
            {
                if (player.Listens)
                    Move(_listening, player.Here, -1);
                if (listens)
                    Move(_listening, here, 1);
            }

            (player.Here, player.LastMs, player.Listens) = (here, record.HappenedMs, listens);
        }

        var (first, last) = record.HeardSlots;
        player.Heard = player.Heard.With(first, last, out var fresh);
        if (!player.IsDue)
        {
            player.IsDue = true;
            Due(true, Key(record.Site, record.Session), player.LastMs + ListenerMs);
        }

        if (!counted)
            return false;
        if (fresh != 0)
            CountSlots(record, Math.Max(first, last - 63), fresh, values);
        if (player.Here != here)
            return false;
        var reach = new Reached((int)(record.HappenedMs / QuarterMs), _dayFrom, Who(record));
        if (player.Reached == reach && !newPlace)
            return true;
        player.Reached = reach;
        return false;
    }

    private void TakeVisitor(in Record record, ReadOnlySpan<int> values)
    {
        if (record.Visitor == 0 || IsOver(record.HappenedMs + VisitorMs))
            return;
        var key = Key(record.Site, record.Visitor);
        ref var visitor = ref CollectionsMarshal.GetValueRefOrAddDefault(_visitors, key, out var known);
        if (!known)
        {
            visitor.Here = new Here(values);
            Move(_visiting, visitor.Here, 1);
            Arrived(key);
            Due(false, key, record.HappenedMs + VisitorMs);
        }

        visitor.LastMs = known ? Math.Max(visitor.LastMs, record.HappenedMs) : record.HappenedMs;
    }

    private void Count(in Record record, ReadOnlySpan<int> values, bool reached)
    {
        Counted++;
        if (_lastTick != long.MinValue && (((record.HappenedMs / MinuteMs) + 1) * MinuteMs) + WatermarkMs <= _lastTick * 1000)
            Late++;
        Starts += record.Kind is RecordKind.Start ? 1 : 0;
        Views += record.Kind is RecordKind.PageView ? 1 : 0;
        var counts = record.Kind is RecordKind.PageView or RecordKind.Hit or RecordKind.Start;
        if (reached && !counts)
            return;
        var who = Who(record);
        var minute = (int)(record.HappenedMs / MinuteMs);
        foreach (var value in values)
        {
            if (value < 0)
                continue;
            if (counts)
            {
                var cell = _cells.At(minute, value);
                cell.Views += record.Kind is RecordKind.PageView ? 1 : 0;
                cell.Hits += record.Kind is RecordKind.Hit ? 1 : 0;
                cell.Starts += record.Kind is RecordKind.Start ? 1 : 0;
            }

            if (!reached && who != 0 && record.Kind is not RecordKind.Hit)
                Reach(record.HappenedMs, record.IsOfPlayer, value, who);
        }
    }

    private void Reach(long happenedMs, bool isOfPlayer, int value, ulong who)
    {
        var quarter = _reach.At((int)(happenedMs / QuarterMs), value, out var made);
        var isToday = happenedMs >= _dayFrom && happenedMs < _dayUntil;
        if (made || !isToday)
            quarter.Day = isToday ? _dayFrom : LiveReachSketch.OfNoDay;
        var changed = (isOfPlayer ? quarter.Listeners : quarter.Visitors).AddHash(who);
        quarter.Changed |= changed;
        // The day has all that this quarter has since it was begun: what is not new there is not new here.
        if (!isToday || (!changed && quarter.Day == _dayFrom))
            return;
        ref var day = ref CollectionsMarshal.GetValueRefOrAddDefault(_day, value, out _);
        day ??= new LiveReachSketch();
        (isOfPlayer ? day.Listeners : day.Visitors).AddHash(who);
    }

    private void CountSlots(in Record record, int first, ulong fresh, ReadOnlySpan<int> values)
    {
        for (var i = 0; fresh >> i != 0 && i < 64; i++)
        {
            if ((fresh & (1UL << i)) == 0)
                continue;
            var heardMs = record.HappenedMs - (record.PositionMs - ((long)(first + i) * Record.SlotMs));
            foreach (var value in values)
            {
                if (value >= 0)
                    _cells.At((int)(heardMs / MinuteMs), value).Slots++;
            }
        }
    }

    private void Leave(long second, long nowMs)
    {
        if (!_due.Remove(second, out var due))
            return;
        foreach (var (isPlayer, key) in due)
        {
            if (isPlayer)
                LeavePlayer(key, nowMs);
            else
                LeaveVisitor(key, nowMs);
        }
    }

    private void LeavePlayer(ulong key, long nowMs)
    {
        ref var player = ref CollectionsMarshal.GetValueRefOrNullRef(_players, key);
        if (player.LastMs + ListenerMs > nowMs)
        {
            Due(true, key, player.LastMs + ListenerMs);
            return;
        }

        if (player.Listens)
            Move(_listening, player.Here, -1);
        player.Listens = false;
        if (player.LastMs + SessionMs > nowMs)
            Due(true, key, player.LastMs + SessionMs);
        else
            _players.Remove(key);
    }

    private void LeaveVisitor(ulong key, long nowMs)
    {
        // Gone to another collector already.
        if (!_visitors.TryGetValue(key, out var visitor))
            return;
        if (visitor.LastMs + VisitorMs > nowMs)
        {
            Due(false, key, visitor.LastMs + VisitorMs);
            return;
        }

        Move(_visiting, visitor.Here, -1);
        _visitors.Remove(key);
    }

    private void Due(bool isPlayer, ulong key, long atMs)
    {
        // Never at a second that is over: nobody would look there again.
        var second = _lastTick == long.MinValue ? (atMs / 1000) + 1 : Math.Max((atMs / 1000) + 1, _lastTick + 1);
        ref var due = ref CollectionsMarshal.GetValueRefOrAddDefault(_due, second, out _);
        (due ??= []).Add((isPlayer, key));
    }

    private bool IsOver(long untilMs) => _lastTick != long.MinValue && untilMs <= _lastTick * 1000;

    private int OfSite(int site)
    {
        if (site == _lastSite)
            return _lastSiteValue;
        Span<byte> text = stackalloc byte[11];
        site.TryFormat(text, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        (_lastSite, _lastSiteValue) = (site, _values.Of(Dimension.Site, text[..length]));
        return _lastSiteValue;
    }

    // 0 stands for all, which is no device.
    private int OfDevice(int device) => _devices[device] is var known and not 0 ? known : _devices[device] = _values.Of(Dimension.Device, Words[device]);

    private int Of(Dimension dimension, ReadOnlySpan<byte> text) => text.IsEmpty ? -1 : _values.Of(dimension, text);

    private static ulong Who(in Record record) => record.IsOfPlayer && record.Visitor == 0 ? Key(record.Site, record.Session) : record.Visitor;

    private static ulong Key(int site, ulong number) => number ^ ((ulong)(uint)site * 0x9E3779B97F4A7C15UL);

    private static int At(List<int> counts, int value) => value < counts.Count ? counts[value] : 0;

    private static void Move(List<int> counts, in Here here, int by)
    {
        foreach (var value in new ReadOnlySpan<int>([here.All, here.Site, here.Channel, here.Device, here.Region, here.Player]))
        {
            if (value < 0)
                continue;
            while (counts.Count <= value)
                counts.Add(0);
            counts[value] += by;
        }
    }

    private static readonly byte[][] Words =
        ["unknown"u8.ToArray(), "desktop"u8.ToArray(), "mobile"u8.ToArray(), "tablet"u8.ToArray(), "television"u8.ToArray(), "speaker"u8.ToArray(), "car"u8.ToArray()];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Here(int All, int Site, int Channel, int Device, int Region, int Player)
    {
        public Here(ReadOnlySpan<int> values)
            : this(values[0], values[1], values[2], values[3], values[4], values[5])
        {
        }
    }

    /// <summary>Into which sketches somebody was counted last: those of a quarter, and of a day.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reached(uint Stamp, uint Who)
    {
        public Reached(int quarter, long dayFromMs, ulong who)
            : this(((uint)quarter << 8) | (byte)(dayFromMs / 86_400_000), (uint)(who ^ (who >> 32)))
        {
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Player
    {
        public Here Here;
        public Reached Reached;
        public HeardSlots Heard;
        public long LastMs;
        public bool Listens;
        public bool IsDue;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Visitor
    {
        public Here Here;
        public long LastMs;
    }
}
