using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;

namespace Relais.Access.Trail;

/// <summary>Actions in the reader's words. One that no module has words for is shown as it is kept.</summary>
internal sealed class ActionWords(IEnumerable<AuditVocabulary> vocabularies, IStringLocalizerFactory texts, IStringLocalizer<AccessTexts> own)
{
    private readonly Dictionary<string, IStringLocalizer> _texts = vocabularies
        .SelectMany(vocabulary => vocabulary.Actions.Select(action => (action, text: texts.Create(vocabulary.Texts))))
        .GroupBy(pair => pair.action, pair => pair.text, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    public IEnumerable<(string Action, string Words)> All => _texts.Keys.Select(action => (action, Of(action))).OrderBy(pair => pair.Item2, StringComparer.CurrentCulture);

    public string Of(string action) => _texts.TryGetValue(action, out var text) ? text[$"Action.{action}"].Value : action;

    /// <summary>The texts of the module that writes this action.</summary>
    public IStringLocalizer TextOf(string action) => _texts.TryGetValue(action, out var text) ? text : own;
}
