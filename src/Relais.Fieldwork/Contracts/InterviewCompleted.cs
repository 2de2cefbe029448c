using Relais.Kernel.Events;

namespace Relais.Fieldwork.Contracts;

/// <summary>An interview was completed and its quota slot committed. Told in the same transaction; it knows no phone number and no name.</summary>
/// <param name="Id">The interview's own id: an interview is completed once.</param>
/// <param name="Key">The case.</param>
/// <param name="Wave">Within the installation.</param>
/// <param name="Day">The day in the interviewer's zone on which it began.</param>
/// <param name="Answers">By the question's name, and by its quota variable's, without questions of repeated groups; the choices of a question with several stand apart by spaces.</param>
/// <param name="Known">What the sample said of the case, by its column.</param>
/// <param name="Heard">Of the listening day, if the questionnaire has one.</param>
/// <param name="AsksListening">Whether it has one: without, nobody can say that nothing was heard.</param>
public sealed record InterviewCompleted(
    Guid Id, string Key, int Wave, string WaveName, Guid Study, string StudyName, DateTimeOffset CompletedAt, DateOnly Day, string Language,
    IReadOnlyDictionary<string, string> Answers, IReadOnlyDictionary<string, string> Known, IReadOnlyList<HeardStation> Heard, bool AsksListening) : IEvent;

/// <summary>A station that was heard in a quarter of an hour.</summary>
/// <param name="Minute">Where the quarter hour begins, after midnight of the day that was asked about; beyond 1440 in the night after.</param>
public sealed record HeardStation(string Station, int Minute);
