using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Portal.Kit;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;

namespace Relais.Telephony.Recordings;

/// <summary>Calls, newest first, by what the address asks for.</summary>
internal sealed class ListCalls(TelephonyDb db, People people, IOptions<PlaceOptions> place)
{
    public const int PageLength = 50;

    /// <param name="From">The first day, of the institute's zone.</param>
    /// <param name="Until">The last day.</param>
    /// <param name="Recorded">Only calls whose recording can be heard.</param>
    /// <param name="Bad">Only calls during which a leg was bad for longer than a moment, somebody was not heard, or the score is below 3.6.</param>
    internal sealed record Filter(DateOnly? From, DateOnly? Until, Guid? Person, string? Trunk, string? Study, CallOutcome? Outcome, bool Recorded, bool Bad)
    {
        public bool Any => (From, Until, Person, Trunk, Study, Outcome) is not (null, null, null, null, null, null) || Recorded || Bad;
    }

    /// <param name="Number">Its middle hidden: who needs it whole finds it with the case.</param>
    internal sealed record Line(
        Guid Id, DateTimeOffset AskedAt, string Person, string Number, string Trunk, string Study, CallState State, CallOutcome? Outcome, CallEnd? End, TimeSpan? Talk, double? Score, int Alerts,
        bool Unheard, CallRecordingState? Recording, bool Held);

    /// <summary>What an address says; what makes no sense in it is left out.</summary>
    internal static Filter FilterOf(string? from, string? until, Guid? person, string? trunk, string? study, string? outcome, bool recorded, bool bad) => new(
        Day(from), Day(until), person, Said(trunk), Said(study), Enum.TryParse<CallOutcome>(outcome, ignoreCase: true, out var what) && Enum.IsDefined(what) ? what : null, recorded, bad);

    public async Task<(IReadOnlyList<Line> Lines, int Total)> HandleAsync(Filter filter, int page, CancellationToken cancel)
    {
        var calls = Filtered(filter);
        var total = await calls.CountAsync(cancel);
        var rows = await calls.OrderByDescending(c => c.AskedAt).ThenByDescending(c => c.Id).Skip((Math.Clamp(page, 1, 10_000) - 1) * PageLength).Take(PageLength)
            .Select(c => new
            {
                Call = c, Alerts = db.Legs.Where(l => l.CallId == c.Id).Sum(l => l.Alerts), Recording = db.Recordings.Where(r => r.CallId == c.Id).Select(r => new { r.State, r.HeldAt }).FirstOrDefault(),
            }).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. rows.Select(r => new PersonId(r.Call.PersonId)).Distinct()], cancel);
        return (
        [
            .. rows.Select(r => new Line(
                r.Call.Id, r.Call.AskedAt, names.GetValueOrDefault(new PersonId(r.Call.PersonId))?.DisplayName ?? "?", Masked(r.Call.Number), r.Call.TrunkName, r.Call.Study, r.Call.State, r.Call.Outcome,
                r.Call.End, r.Call.EndedAt - r.Call.AnsweredAt, r.Call.Score, r.Alerts, r.Call.Unheard is not null, r.Recording?.State, r.Recording?.HeldAt is not null)),
        ], total);
    }

    /// <summary>+33123456789 as +331•••••789.</summary>
    internal static string Masked(string number) => number.Length <= 8 ? number : $"{number[..4]}{new string('•', number.Length - 7)}{number[^3..]}";

    private IQueryable<Call> Filtered(Filter filter)
    {
        var calls = db.Calls.AsNoTracking();
        if (filter.From is { } from && Start(from) is var begin)
            calls = calls.Where(c => c.AskedAt >= begin);
        if (filter.Until is { } until && Start(until.AddDays(1)) is var end)
            calls = calls.Where(c => c.AskedAt < end);
        if (filter.Person is { } person)
            calls = calls.Where(c => c.PersonId == person);
        if (filter.Trunk is { } trunk)
            calls = calls.Where(c => c.TrunkName == trunk);
        if (filter.Study is { } study)
            calls = calls.Where(c => c.Study == study);
        if (filter.Outcome is { } outcome)
            calls = calls.Where(c => c.Outcome == outcome);
        if (filter.Recorded)
            calls = calls.Where(c => db.Recordings.Any(r => r.CallId == c.Id && (r.State == CallRecordingState.Whole || r.State == CallRecordingState.Interrupted || r.State == CallRecordingState.Dropped)));
        if (filter.Bad)
            calls = calls.Where(c => c.Score < 3.6 || c.Unheard != null || db.Legs.Any(l => l.CallId == c.Id && l.Alerts > 0));
        return calls;
    }

    private DateTimeOffset Start(DateOnly day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 2200 ? day : null;

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
