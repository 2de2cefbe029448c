using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Fieldwork.Teams;

internal sealed record NamedPerson(Guid Id, string Name);

/// <summary>Who may be given cases of a wave, by name.</summary>
internal sealed class WaveInterviewers(FieldworkDb db, People people)
{
    public async Task<IReadOnlyList<NamedPerson>> OfAsync(int wave, CancellationToken cancel)
    {
        var ids = await (from w in db.Waves where w.Id == wave from t in db.Teams where t.Studies.Contains(w.StudyId) join i in db.Interviewers on t.Id equals i.TeamId where i.Active select i.PersonId).ToListAsync(cancel);
        return await NamesAsync(ids, cancel);
    }

    /// <summary>In the order of their names; somebody who is not there any more is "?".</summary>
    public async Task<IReadOnlyList<NamedPerson>> NamesAsync(IEnumerable<Guid> ids, CancellationToken cancel)
    {
        var all = ids.Distinct().ToList();
        var cards = await people.FindManyAsync([.. all.Select(p => new PersonId(p))], cancel);
        return [.. all.Select(p => new NamedPerson(p, cards.GetValueOrDefault(new PersonId(p))?.DisplayName ?? "?")).OrderBy(p => p.Name, StringComparer.CurrentCulture)];
    }
}
