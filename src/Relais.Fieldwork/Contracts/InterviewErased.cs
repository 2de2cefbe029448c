using Relais.Kernel.Events;

namespace Relais.Fieldwork.Contracts;

/// <summary>A respondent objected to processing: the answers of a completed interview are gone, and whoever keeps them erases them. Told in the same transaction.</summary>
/// <param name="Key">The case.</param>
/// <param name="Interview">The id that <see cref="InterviewCompleted"/> had.</param>
public sealed record InterviewErased(Guid Id, string Key, Guid Interview) : IEvent;
