using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Quotas;

/// <summary>A variable that a quota may speak of, and its values as far as the questionnaire lists them.</summary>
/// <param name="Labels">What the values mean, by value.</param>
internal sealed record KnownVariable(string Name, IReadOnlyList<string> Values, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The quota variables of a version of the questionnaire, in its order.</summary>
    public static async Task<List<KnownVariable>> OfAsync(FieldworkDb db, Guid? questionnaire, string language, CancellationToken cancel)
    {
        if (await db.Questionnaires.AsNoTracking().Where(q => q.Id == questionnaire).Select(q => q.Canonical).SingleOrDefaultAsync(cancel) is not { } canonical)
            return [];
        var form = FormJson.Read(Encoding.UTF8.GetBytes(canonical));
        var words = FormWords.Language(form, language);
        var known = new List<KnownVariable>();
        foreach (var question in form.Questions().Where(q => q.Quota is not null).DistinctBy(q => q.Quota, StringComparer.Ordinal))
        {
            var choices = form.Lists.FirstOrDefault(l => l.Name == question.Choices?.List)?.Choices ?? [];
            known.Add(new KnownVariable(
                question.Quota ?? "", [.. choices.Select(c => c.Name).Distinct(StringComparer.Ordinal)],
                choices.DistinctBy(c => c.Name, StringComparer.Ordinal).ToDictionary(c => c.Name, c => FormWords.Say(c.Label, words, form) ?? c.Name, StringComparer.Ordinal)));
        }

        return known;
    }
}
