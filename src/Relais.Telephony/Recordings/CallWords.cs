using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Portal.Kit;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;

namespace Relais.Telephony.Recordings;

/// <summary>How calls and their recordings are said on pages.</summary>
internal static class CallWords
{
    public static string Outcome(CallState state, CallEnd? end, CallOutcome? outcome, IStringLocalizer words) =>
        state is CallState.Ended ? words[end is CallEnd.Restarted ? "End.Restarted" : $"Outcome.{outcome}"] : words[$"State.{state}"];

    /// <summary>4:05, or 1:04:05; nothing for a call that was not answered.</summary>
    public static string Length(TimeSpan? length) => length is { } some ? some.ToString(some >= TimeSpan.FromHours(1) ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) : "";

    public static StateKind Kind(CallRecordingState state) => state switch
    {
        CallRecordingState.Running => StateKind.Busy,
        CallRecordingState.Whole => StateKind.Good,
        CallRecordingState.Interrupted or CallRecordingState.Dropped => StateKind.Warning,
        CallRecordingState.Missing => StateKind.Bad,
        CallRecordingState.Deleted or CallRecordingState.Purged => StateKind.Neutral,
    };

    public static StateKind Kind(double score) => score >= 4 ? StateKind.Good : score >= 3.6 ? StateKind.Warning : StateKind.Bad;
}
