using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Teams;

/// <summary>Who interviews, in which team, for which studies, in which languages, and when.</summary>
internal sealed class EditTeams(FieldworkDb db, People people, TimeProvider clock)
{
    public Task<EditResult> SaveAsync(Guid? id, string? name, IReadOnlyCollection<Guid> studies, Actor actor, CancellationToken cancel) =>
        SaveAsync(id, name, studies, shiftsOnly: null, actor, cancel);

    /// <param name="shiftsOnly">Whether its interviewers are given new cases during their shifts only; null: as it was.</param>
    public async Task<EditResult> SaveAsync(Guid? id, string? name, IReadOnlyCollection<Guid> studies, bool? shiftsOnly, Actor actor, CancellationToken cancel)
    {
        if (name?.Trim() is not { Length: > 0 and <= Team.NameLength } given)
            return new EditResult.Refused("Name", "name");
        var team = id is null ? new Team { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = given } : await db.Teams.SingleOrDefaultAsync(t => t.Id == id, cancel);
        if (team is null)
            return new EditResult.Missing();
        if (id is null)
            db.Teams.Add(team);
        (team.Name, team.Studies) = (given, await db.Studies.Where(s => studies.Contains(s.Id)).Select(s => s.Id).ToArrayAsync(cancel));
        team.ShiftsOnly = shiftsOnly ?? team.ShiftsOnly;
        db.Audit(clock, actor, id is null ? "team.created" : "team.changed", $"team:{team.Id}", given, new { studies = team.Studies, team.ShiftsOnly });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new EditResult.Refused("Name", "name-taken");
        }

        return new EditResult.Saved(team.Id);
    }

    /// <summary>Makes a person with the interviewer's role an interviewer, or changes what they can do.</summary>
    public async Task<EditResult> SetInterviewerAsync(
        PersonId person, Guid? team, IReadOnlyList<string> languages, IReadOnlyList<string> skills, bool active, Actor actor, CancellationToken cancel)
    {
        if (await people.FindAsync(person, cancel) is not { } card)
            return new EditResult.Missing();
        if (!card.Roles.Contains(Roles.Interviewer))
            return new EditResult.Refused("Person", "not-interviewer");
        if (languages.Count == 0)
            return new EditResult.Refused("Languages", "languages");
        if (team is not null && !await db.Teams.AnyAsync(t => t.Id == team, cancel))
            return new EditResult.Refused("Team", "team");
        var interviewer = await db.Interviewers.SingleOrDefaultAsync(i => i.PersonId == person.Value, cancel);
        if (interviewer is null)
            db.Interviewers.Add(interviewer = new Interviewer { PersonId = person.Value, Languages = [] });
        (interviewer.TeamId, interviewer.Languages, interviewer.Skills, interviewer.Active) = (team, [.. languages], [.. skills], active);
        db.Audit(clock, actor, "interviewer.changed", $"person:{person}", card.DisplayName, new { team, languages, skills, active });
        await db.SaveChangesAsync(cancel);
        return new EditResult.Saved(person.Value);
    }

    /// <summary>Removes a team. Its interviewers stay, without a team, and are given no cases until they have one.</summary>
    public async Task<EditResult> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Teams.SingleOrDefaultAsync(t => t.Id == id, cancel) is not { } team)
            return new EditResult.Missing();
        db.Teams.Remove(team);
        db.Audit(clock, actor, "team.removed", $"team:{id}", team.Name);
        await db.SaveChangesAsync(cancel);
        return new EditResult.Saved(id);
    }

    public async Task<EditResult> AddShiftAsync(PersonId person, DateTimeOffset from, DateTimeOffset until, Actor actor, CancellationToken cancel)
    {
        if (until <= from || until - from > TimeSpan.FromHours(16))
            return new EditResult.Refused("Until", "shift");
        if (!await db.Interviewers.AnyAsync(i => i.PersonId == person.Value, cancel))
            return new EditResult.Missing();
        var shift = new Shift { Id = Guid.CreateVersion7(clock.GetUtcNow()), PersonId = person.Value, From = from.ToUniversalTime(), Until = until.ToUniversalTime() };
        db.Shifts.Add(shift);
        db.Audit(clock, actor, "shift.added", $"person:{person}", "", new { from, until });
        await db.SaveChangesAsync(cancel);
        return new EditResult.Saved(shift.Id);
    }
}
