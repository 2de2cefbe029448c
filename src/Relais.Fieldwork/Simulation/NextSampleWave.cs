using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Simulation;

/// <summary>Keeps the sample study going: when few interviews are wanted any more, or few cases are left, its wave is closed and the next one begins.</summary>
internal static class NextSampleWave
{
    // Of the target: what is left are the cells that are hardest to fill.
    private const double LeastLeft = 0.15;
    private const int LeastCases = 300;

    /// <returns>The new wave; null: the present one is good, or a person paused or closed it.</returns>
    public static async Task<int?> LookAsync(IServiceProvider services, CancellationToken cancel)
    {
        var db = services.GetRequiredService<FieldworkDb>();
        var waves = await (from s in db.Studies.AsNoTracking() where s.Name == RadioStudy.Name join w in db.Waves on s.Id equals w.StudyId orderby w.Id select w).ToListAsync(cancel);
        if (waves is not [.., { State: WaveState.Running } last])
            return null;
        var cells = await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == last.Id).ToListAsync(cancel);
        var left = cells.GroupBy(c => c.QuotaId).Select(q => (double)q.Sum(c => Math.Max(0, c.Target - c.Completed - c.Reserved)) / Math.Max(1, q.Sum(c => c.Target))).DefaultIfEmpty(1).Min();
        var cases = await db.Cases.CountAsync(c => c.WaveId == last.Id && c.State == CaseState.Ready && db.Pools.Any(p => p.Id == c.PoolId && db.Strata.Any(s => s.Id == p.StratumId && s.Open)), cancel);
        if (left > LeastLeft && cases >= LeastCases)
            return null;
        var next = await services.GetRequiredService<RadioStudy>().AddWaveAsync(last.StudyId, Number(last.Name) + 1, SampleSize.Standard, cancel);
        await services.GetRequiredService<EditStudies>().SetStateAsync(last.Id, WaveState.Closed, Actor.System, cancel);
        return next;
    }

    // A wave that a person made has another name: the count goes on from there.
    private static int Number(string name) => int.TryParse(name.Split(' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
}
