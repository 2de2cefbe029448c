namespace Relais.Traffic.Measures.Live;

/// <summary>The ids of the last ten to twenty minutes, to count once what is sent twice. 8 bytes of an id are kept: of a hundred million, two alike are one in a thousand days.</summary>
internal sealed class RecentIds
{
    public const int GenerationMs = 10 * 60 * 1000;

    /// <summary>Ids of a generation at most; a crowd shortens the window rather than fill the memory.</summary>
    public const int MostOfGeneration = 1 << 22;

    private Table _young = new();
    private Table _old = new();
    private long _since = long.MinValue;

    /// <summary>What is kept of an id.</summary>
    public static ulong KeyOf(UInt128 id)
    {
        // Random as a whole; what a sender makes less random only concerns itself.
        var key = (ulong)id ^ (ulong)(id >> 64);
        return key == 0 ? 1 : key;
    }

    public bool Has(ulong key) => _young.Has(key) || _old.Has(key);

    /// <returns>False when it was there already.</returns>
    public bool Add(ulong key, long nowMs)
    {
        if (_since == long.MinValue)
            _since = nowMs;
        if (nowMs - _since >= GenerationMs || _young.Count >= MostOfGeneration)
            (_young, _old, _since) = (new Table(), _young, nowMs);
        return !_old.Has(key) && _young.Add(key);
    }

    // Open addressing: half of what a hash set takes.
    private sealed class Table
    {
        private ulong[] _places = new ulong[1 << 10];

        public int Count { get; private set; }

        public bool Has(ulong key) => _places[Find(_places, key)] == key;

        public bool Add(ulong key)
        {
            var at = Find(_places, key);
            if (_places[at] == key)
                return false;
            _places[at] = key;
            if (++Count * 3L > _places.Length * 2L)
                Grow();
            return true;
        }

        private void Grow()
        {
            var larger = new ulong[_places.Length * 2];
            foreach (var key in _places)
            {
                if (key != 0)
                    larger[Find(larger, key)] = key;
            }

            _places = larger;
        }

        private static int Find(ulong[] places, ulong key)
        {
            var at = (int)((key * 0x9E3779B97F4A7C15UL) >> 32) & (places.Length - 1);
            while (places[at] != 0 && places[at] != key)
                at = (at + 1) & (places.Length - 1);
            return at;
        }
    }
}
