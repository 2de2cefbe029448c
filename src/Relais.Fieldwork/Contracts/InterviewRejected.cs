using Relais.Kernel.Events;

namespace Relais.Fieldwork.Contracts;

/// <summary>
/// A completed interview was rejected at its review and does not count any more; or, with <paramref name="Undone"/>, that rejection was undone and it counts
/// again. Told in the same transaction as the quota slot is given back or taken again.
/// </summary>
/// <param name="Id">Of this event.</param>
/// <param name="Key">The case.</param>
/// <param name="Interview">As it was told when it was completed: its own id is in it.</param>
/// <param name="Undone">Whether it counts again.</param>
/// <param name="At">When.</param>
public sealed record InterviewRejected(Guid Id, string Key, InterviewCompleted Interview, bool Undone, DateTimeOffset At) : IEvent;
