using System.Collections.Concurrent;

namespace Relais.Fieldwork.Quotas;

/// <summary>Cells in the questionnaire's words, "Île-de-France" and not 11. A version never changes: its words are read once.</summary>
internal sealed class CellWords
{
    private readonly ConcurrentDictionary<Guid, List<KnownVariable>> _known = new();

    /// <summary>What is said of a cell's conditions, in the questionnaire's own language: a board is one for all who look.</summary>
    /// <param name="questionnaire">Null: the values are said as they are.</param>
    public async Task<Func<string, string>> OfAsync(FieldworkDb db, Guid? questionnaire, CancellationToken cancel)
    {
        if (questionnaire is not { } id)
            return conditions => Say([], conditions);
        if (!_known.TryGetValue(id, out var known))
            _known[id] = known = await KnownVariable.OfAsync(db, id, "", cancel);
        return conditions => Say(known, conditions);
    }

    public static string Say(List<KnownVariable> known, string conditions) => string.Join(" · ", QuotaVariables.Parse(conditions).Select(
        v => known.Find(k => k.Name == v.Key)?.Labels.GetValueOrDefault(v.Value) ?? v.Value));
}
