using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Fieldwork.Teams;

/// <summary>Interviewers whose console gave a sign lately: in an interview, on a call, between two, on a break.</summary>
internal sealed class PeopleAtConsole(FieldworkDb db, TimeProvider clock) : IPeopleAtWork
{
    public async Task<IReadOnlyCollection<PersonId>> NowAsync(CancellationToken cancel)
    {
        var seen = clock.GetUtcNow() - SignOfConsole.Gap;
        var people = await db.Presences.Where(p => p.Until >= seen).Select(p => p.PersonId).Distinct().ToListAsync(cancel);
        return [.. people.Select(person => new PersonId(person))];
    }
}
