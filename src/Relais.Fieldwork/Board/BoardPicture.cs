using Relais.Fieldwork.Outcomes;

namespace Relais.Fieldwork.Board;

/// <summary>Somebody who interviews, or did today.</summary>
/// <param name="Since">When they got the case they have; null: they have none.</param>
/// <param name="SeenAt">Their last sign.</param>
internal sealed record PersonAtWork(Guid Person, string Name, long? Case, bool Interviewing, DateTimeOffset? Since, DateTimeOffset? SeenAt, int Calls, int Completed, int Refused);

internal sealed record CellLine(int Id, string Quota, string Values, bool Hard, int Target, int Completed, int Reserved, bool Closed, bool Shut);

/// <summary>Something that a supervisor should look at.</summary>
/// <param name="Code">"Alert.CODE" of the texts.</param>
internal sealed record BoardAlert(string Code, string Named);

/// <summary>A wave as it stands at a moment.</summary>
internal sealed record BoardPicture(
    DateTimeOffset At, IReadOnlyList<PersonAtWork> People, IReadOnlyDictionary<string, long> States, IReadOnlyList<OutcomeRate> Rates,
    IReadOnlyList<CellLine> Cells, int CompletedToday, int? TargetToday, int CallsToday, IReadOnlyList<BoardAlert> Alerts);
