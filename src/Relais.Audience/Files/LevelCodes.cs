namespace Relais.Audience.Files;

/// <summary>The levels of a categorical variable as they are met, each with a code from 0 up.</summary>
internal sealed class LevelCodes
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly List<string> _levels = [];

    public LevelCodes(params IEnumerable<string> levels)
    {
        _bySpan = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var level in levels)
            Code(level);
    }

    public IReadOnlyList<string> Levels => _levels;

    /// <summary>The code of a level, which is added when it is new.</summary>
    public int Code(ReadOnlySpan<char> level)
    {
        if (_bySpan.TryGetValue(level, out var code))
            return code;
        var added = level.ToString();
        _codes.Add(added, _levels.Count);
        _levels.Add(added);
        return _levels.Count - 1;
    }

    /// <summary>The code of a level, or -1.</summary>
    public int Find(ReadOnlySpan<char> level) => _bySpan.TryGetValue(level, out var code) ? code : -1;
}
