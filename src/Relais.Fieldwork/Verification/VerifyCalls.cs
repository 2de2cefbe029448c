using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Verification;

/// <summary>Holds the history of calls against the rules of calling: by case, by person, by number.</summary>
internal static class VerifyCalls
{
    private const int RestDays = 30;

    /// <returns>How many calls were looked at.</returns>
    public static async Task<long> OfWavesAsync(FieldworkDb db, IReadOnlyList<Wave> waves, Findings findings, CancellationToken cancel)
    {
        var calls = 0L;
        foreach (var wave in waves)
            calls += await OfWaveAsync(db, wave, findings, cancel);
        var ids = waves.Select(w => w.Id).ToArray();
        await OfPeopleAsync(db, ids, findings, cancel);
        var rules = await db.Waves.AsNoTracking().ToDictionaryAsync(w => w.Id, w => w.Rules, cancel);
        await OfNumbersAsync(db, ids, wave => WaveRules.Parse(rules[wave]), findings, cancel);
        return calls;
    }

    private static async Task<long> OfWaveAsync(FieldworkDb db, Wave wave, Findings findings, CancellationToken cancel)
    {
        var promises = (await db.Appointments.AsNoTracking().Where(a => a.WaveId == wave.Id).OrderBy(a => a.MadeAt).ThenBy(a => a.Id).ToListAsync(cancel)).ToLookup(a => a.CaseId);
        var rules = WaveRules.Parse(wave.Rules);
        var (calls, of, walk) = (0L, 0L, (CaseCalls?)null);
        await foreach (var call in CallHistory.ByCaseAsync(db, [wave.Id], cancel))
        {
            if (walk is null || call.Case != of)
                (of, walk) = (call.Case, new CaseCalls(rules, zone => WaveRules.Calendar(wave.Rules, zone), [.. promises[call.Case]], findings));
            walk.Next(call);
            calls++;
        }

        return calls;
    }

    private static async Task OfPeopleAsync(FieldworkDb db, int[] waves, Findings findings, CancellationToken cancel)
    {
        RecordedCall? last = null;
        await foreach (var call in CallHistory.ByPersonAsync(db, waves, cancel))
        {
            if (last is not null && last.Person == call.Person && call.From < last.Until)
                findings.Add(Broken.HeldTwice, CaseCalls.Said(call, $"by somebody who had case {last.Case} until {CaseCalls.Time(last.Until)}"));
            last = call;
        }
    }

    private static async Task OfNumbersAsync(FieldworkDb db, int[] waves, Func<int, CallRules> rules, Findings findings, CancellationToken cancel)
    {
        var (number, made, quiet, last) = (0L, new Queue<DateTimeOffset>(), DateTimeOffset.MinValue, (RecordedCall?)null);
        await foreach (var call in CallHistory.ByNumberAsync(db, waves, cancel))
        {
            if (call.Number != number)
            {
                (number, quiet, last) = (call.Number ?? 0, DateTimeOffset.MinValue, null);
                made.Clear();
            }

            var of = rules(call.Wave);
            if (!call.Late)
            {
                if (last is not null && last.Case != call.Case && call.From < last.Until)
                    findings.Add(Broken.HeldTwice, CaseCalls.Said(call, $"its number was being called for case {last.Case} until {CaseCalls.Time(last.Until)}"));
                while (made.TryPeek(out var oldest) && oldest <= call.From.AddDays(-RestDays))
                    made.Dequeue();
                var bound = call is { ByAppointment: false, Slot: not Hold.CalledBack };
                if (bound && of.MostCallsIn30Days > 0 && made.Count >= of.MostCallsIn30Days)
                    findings.Add(Broken.ThirtyDays, CaseCalls.Said(call, $"call {made.Count + 1} of {of.MostCallsIn30Days} of its number in thirty days"));
                if (bound && call.From < quiet)
                    findings.Add(Broken.Rest, CaseCalls.Said(call, $"its number was to rest until {CaseCalls.Time(quiet)}"));
                made.Enqueue(call.From);
                last = call;
            }

            if (Outcome.Of(call.Outcome) is { Nuisance: true } ended && call.Until.AddHours(Math.Max(of.NuisanceHours, ended.LeastNuisanceHours)) is var until && until > quiet)
                quiet = until;
        }
    }
}
