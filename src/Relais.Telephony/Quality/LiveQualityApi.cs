using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Telephony.Calls;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Quality;

/// <summary>What the calls under way are like, on whatever node: /api/telephony/calls/live, for the supervisors' board.</summary>
internal static class LiveQualityApi
{
    /// <param name="Kind">"trunk" or "home".</param>
    /// <param name="Score">1 to 4.5.</param>
    /// <param name="BadSince">Null while the leg is good.</param>
    /// <param name="Cause">"trunk", "institute", "wireless", "bandwidth", "computer" or "homenetwork", while it is bad.</param>
    /// <param name="Words">The same for a person.</param>
    public sealed record Leg(string Kind, DateTimeOffset At, double LossPercent, double JitterMs, double? RoundTripMs, double Score, DateTimeOffset? BadSince, string? Cause, string? Words);

    /// <param name="SilenceMs">How long nobody has been heard up to the last measure.</param>
    /// <param name="Unheard">"respondent" or "interviewer", who was never heard although the other spoke.</param>
    /// <param name="Recording">"on", "paused" or "off".</param>
    public sealed record LiveCall(
        Guid Id, Guid Person, string Trunk, string Study, DateTimeOffset? AnsweredAt, IReadOnlyList<Leg> Legs, int SilenceMs, string? Unheard, double InterviewerClipped, string Recording);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/telephony/calls/live", HandleAsync).WithTags("Telephony").RequireAuthorization(AccessPolicies.Supervise)
            .WithName("GetLiveQuality").WithSummary("Quality and recording of the calls under way");

    private static async Task<Ok<IReadOnlyList<LiveCall>>> HandleAsync(TelephonyDb db, IStringLocalizer<CallTexts> text, CancellationToken cancel)
    {
        var calls = await db.Calls.AsNoTracking().Where(c => c.State == CallState.Answered)
            .Select(c => new { c.Id, c.PersonId, c.TrunkName, c.Study, c.AnsweredAt, c.SilenceMs, c.Unheard, c.InterviewerClipped, Recording = db.Recordings.FirstOrDefault(r => r.CallId == c.Id) })
            .OrderBy(c => c.AnsweredAt).ToListAsync(cancel);
        var ids = calls.ConvertAll(c => c.Id);
        var legs = (await db.Legs.AsNoTracking().Where(l => ids.Contains(l.CallId)).Select(l => new { l.CallId, Leg = l.Leg, l.At, l.LossPercent, l.JitterMs, l.RoundTripMs, l.Score, l.BadSince, l.Cause }).ToListAsync(cancel))
            .ToLookup(l => l.CallId);
        IReadOnlyList<LiveCall> answer =
        [
            .. calls.Select(c => new LiveCall(
                c.Id, c.PersonId, c.TrunkName, c.Study, c.AnsweredAt,
                [
                    .. legs[c.Id].OrderBy(l => l.Leg).Select(l => new Leg(
                        Word(l.Leg), l.At, l.LossPercent, l.JitterMs, l.RoundTripMs, l.Score, l.BadSince, l.BadSince is null || l.Cause is null ? null : Word(l.Cause),
                        l.BadSince is null || l.Cause is null ? null : text[$"Cause.{l.Cause}"].Value)),
                ],
                c.SilenceMs, c.Unheard is null ? null : Word(c.Unheard), c.InterviewerClipped, RecordingOf(c.Recording))),
        ];
        return TypedResults.Ok(answer);
    }

    private static string RecordingOf(CallRecording? recording) => recording is not { State: CallRecordingState.Running } ? "off" : recording.Pauses.Count % 2 == 1 ? "paused" : "on";

    private static string Word<T>(T value) => value?.ToString()?.ToLowerInvariant() ?? "";
}
