using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Exports;

/// <summary>The history of a wave's calls, a row an attempt. No number is in it, nor what the sample calls the case, which may be its number.</summary>
internal sealed class CallTable(FieldworkDb db, People people, Switchboard switchboard)
{
    private const int Lot = 500;

    private static readonly ExportColumn[] Columns =
    [
        new("call", "Call", ExportKind.Whole), new("case", "Case", ExportKind.Whole), new("attempt", "Attempt of the case, from 1", ExportKind.Whole),
        new("interviewer", "Interviewer, by name or pseudonym", ExportKind.Text), new("start", "Start, UTC", ExportKind.Moment), new("end", "End, UTC", ExportKind.Moment),
        new("seconds", "Seconds from start to end", ExportKind.Number), new("zone", "Respondent's time zone", ExportKind.Text),
        new("local_start", "Start in the respondent's zone", ExportKind.Text), new("slot", "Slot of the day, from 1", ExportKind.Whole),
        new("number_order", "Which of the case's numbers was called, from 1", ExportKind.Whole), new("called", "Whether a call was made", ExportKind.Whole),
        new("by_appointment", "Whether by appointment", ExportKind.Whole), new("outcome", "Outcome", ExportKind.Text), new("aapor", "AAPOR code", ExportKind.Text),
        new("aapor_group", "AAPOR group", ExportKind.Text),
        new("line", "How the call through Relais ended; empty: dialled by the interviewer", ExportKind.Text), new("sip", "SIP code", ExportKind.Whole), new("cause", "Q.850 cause", ExportKind.Whole),
        new("rang_seconds", "Seconds of ringing", ExportKind.Number), new("spoken_seconds", "Seconds from the answer to the end", ExportKind.Number),
    ];

    /// <param name="named">Whether interviewers are called by their names.</param>
    /// <returns>Null for a wave that is not there.</returns>
    public async Task<ExportTable?> OfAsync(int wave, bool named, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == wave, cancel) is not { } found)
            return null;
        var interviewers = await db.Attempts.Where(a => a.WaveId == wave).Select(a => a.PersonId).Distinct().ToListAsync(cancel);
        var names = await InterviewerNames.OfAsync(found.StudyId, interviewers, named, people, cancel);
        return new ExportTable(found.Name, Columns, token => RowsAsync(wave, names, token));
    }

    private async IAsyncEnumerable<string?[]> RowsAsync(int wave, InterviewerNames names, [EnumeratorCancellation] CancellationToken cancel)
    {
        // By case, so that its attempts are counted while they pass.
        var calls = (from a in db.Attempts.AsNoTracking() where a.WaveId == wave join c in db.Cases on a.CaseId equals c.Id join p in db.Pools on c.PoolId equals p.Id
                     orderby a.CaseId, a.Id select new { Call = a, p.Zone }).AsAsyncEnumerable();
        var zones = new Dictionary<string, TimeZoneInfo>(StringComparer.Ordinal);
        var (last, attempt) = (0L, 0);
        // What telephony knows of them lies in another schema, and is asked for in lots.
        await foreach (var lot in calls.Chunk(Lot).WithCancellation(cancel))
        {
            var lines = await switchboard.FindAllAsync([.. lot.Select(r => r.Call.CallId).OfType<Guid>()], cancel);
            foreach (var row in lot)
            {
                var call = row.Call;
                (last, attempt) = (call.CaseId, call.CaseId == last ? attempt + 1 : 1);
                if (!zones.TryGetValue(row.Zone, out var zone))
                    zones[row.Zone] = zone = CallCalendar.Zone(row.Zone) ?? TimeZoneInfo.Utc;
                var (outcome, line) = (Outcome.Of(call.Outcome), call.CallId is { } id ? lines.GetValueOrDefault(id) : null);
                yield return
                [
                    Text(call.Id), Text(call.CaseId), Text(attempt), names.Of(call.PersonId), Moment(call.From), Moment(call.Until),
                    Seconds(call.Until - call.From), row.Zone,
                    TimeZoneInfo.ConvertTime(call.From, zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), call.Slot < 0 ? null : Text(call.Slot + 1),
                    call.Number < 0 ? null : Text(call.Number + 1), call.Number < 0 ? "0" : "1", call.ByAppointment ? "1" : "0", outcome?.Code, outcome?.Aapor,
                    outcome is null or { Group: OutcomeGroup.None } ? null : outcome.Group.ToString(),
                    line?.Outcome?.ToString().ToLowerInvariant(), line?.SipStatus is { } sip ? Text(sip) : null, line?.Cause is { } cause ? Text(cause) : null,
                    line?.RingingAt is { } rang && (line.AnsweredAt ?? line.EndedAt) is { } until ? Seconds(until - rang) : null, line?.Spoken is { } spoken ? Seconds(spoken) : null,
                ];
            }
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
