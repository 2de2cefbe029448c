using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;

namespace Relais.Fieldwork.Studies;

/// <summary>A wave as its pages find it, with the study's name.</summary>
internal sealed record WaveOfStudy(Wave Wave, string Study)
{
    public static async Task<WaveOfStudy?> FindAsync(FieldworkDb db, int id, CancellationToken cancel)
    {
        var found = await db.Waves.AsNoTracking().Where(w => w.Id == id).Join(db.Studies, w => w.StudyId, s => s.Id, (w, s) => new { Wave = w, s.Name }).SingleOrDefaultAsync(cancel);
        return found is null ? null : new WaveOfStudy(found.Wave, found.Name);
    }
}

/// <summary>What a wave has of what it needs before anybody calls.</summary>
/// <param name="Version">The number of the questionnaire's version that new interviews take; null: none.</param>
/// <param name="Cases">All of them.</param>
/// <param name="Ready">Those that may be called from now on.</param>
/// <param name="QuotaTarget">The sum of the largest quota's targets.</param>
/// <param name="Interviewers">Active ones of teams of the study.</param>
internal sealed record WaveReadiness(int? Version, long Cases, long Ready, int Quotas, long QuotaTarget, int Teams, int Interviewers)
{
    public bool Complete => Version is not null && Cases > 0 && Interviewers > 0;

    public static async Task<WaveReadiness> OfAsync(FieldworkDb db, Wave wave, CancellationToken cancel)
    {
        var version = await db.Questionnaires.AsNoTracking().Where(q => q.Id == wave.QuestionnaireId).Select(q => (int?)q.Number).SingleOrDefaultAsync(cancel);
        var cases = await db.CaseCounts.AsNoTracking().Where(c => c.WaveId == wave.Id).GroupBy(c => c.State).Select(g => new { State = g.Key, Number = g.Sum(c => c.Number) }).ToListAsync(cancel);
        var targets = await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave.Id).GroupBy(c => c.QuotaId).Select(g => g.Sum(c => (long)c.Target)).ToListAsync(cancel);
        var teams = await db.Teams.AsNoTracking().Where(t => t.Studies.Contains(wave.StudyId)).Select(t => (Guid?)t.Id).ToListAsync(cancel);
        var interviewers = await db.Interviewers.CountAsync(i => i.Active && teams.Contains(i.TeamId), cancel);
        return new WaveReadiness(
            version, cases.Sum(c => c.Number), cases.Where(c => c.State == (short)CaseState.Ready).Sum(c => c.Number), targets.Count, targets.Count == 0 ? 0 : targets.Max(), teams.Count, interviewers);
    }
}
