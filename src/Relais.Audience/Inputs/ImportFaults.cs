using Relais.Audience.Files;

namespace Relais.Audience.Inputs;

/// <summary>What is wrong at a place of a file, as a code that pages have words for, with what the words name.</summary>
/// <param name="Line">From 1, the header's; null when the file as a whole is meant.</param>
internal sealed record ImportFault(long? Line, string? Column, string Code, params IReadOnlyList<string> Named);

/// <summary>What was found while a file was read: the first faults, and how many there are.</summary>
internal sealed class ImportFaults : ITableFaults
{
    public const int MostKept = 200;

    private readonly List<ImportFault> _kept = [];

    public IReadOnlyList<ImportFault> Kept => _kept;

    public int Count { get; private set; }

    public void Add(long? line, string? column, string code, params IReadOnlyList<string> named)
    {
        Count++;
        if (_kept.Count < MostKept)
            _kept.Add(new ImportFault(line, column, code, named));
    }
}
