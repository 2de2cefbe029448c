using Relais.Fieldwork.Outcomes;

namespace Relais.Fieldwork.Board;

/// <summary>Somebody who interviews, or did today.</summary>
/// <param name="Since">When they got the case they have; null: they have none.</param>
/// <param name="SeenAt">Their last sign; null: they have no case.</param>
/// <param name="Doing">What their open console says they do; null: it is not open.</param>
/// <param name="Contacts">Calls at which somebody was spoken to.</param>
/// <param name="Call">Of telephony, that was answered and goes on: it can be listened to.</param>
/// <param name="CallsSince">Calls since their last completed interview of today.</param>
internal sealed record PersonAtWork(
    Guid Person, string Name, long? Case, bool Interviewing, DateTimeOffset? Since, DateTimeOffset? SeenAt, int Calls, int Completed, int Refused, int Contacts = 0, int CallsSince = 0, Teams.Doing? Doing = null,
    Guid? Call = null);

internal sealed record CellLine(int Id, string Quota, string Values, bool Hard, int Target, int Completed, int Reserved, bool Closed, bool Shut);

/// <summary>Something that a supervisor should look at.</summary>
/// <param name="Code">"Alert.CODE" of the texts.</param>
/// <param name="Named">What the text names; said in the reader's language.</param>
internal sealed record BoardAlert(string Code, params object[] Named);

/// <summary>A wave as it stands at a moment.</summary>
internal sealed record BoardPicture(
    DateTimeOffset At, IReadOnlyList<PersonAtWork> People, IReadOnlyDictionary<string, long> States, IReadOnlyList<OutcomeRate> Rates,
    IReadOnlyList<CellLine> Cells, int CompletedToday, int? TargetToday, int CallsToday, IReadOnlyList<BoardAlert> Alerts, IReadOnlyDictionary<int, (int Done, int Target)> CellsToday);
