using Relais.Kernel.Events;

namespace Relais.Fieldwork.Contracts;

/// <summary>A respondent asked for erasure: whoever keeps their completed interview erases it, or what the sample said of them. Told in the same transaction.</summary>
/// <param name="Key">The case.</param>
/// <param name="Interview">The id that <see cref="InterviewCompleted"/> had.</param>
/// <param name="Columns">The sample's columns that go, where the answers stay; null: the answers go too.</param>
public sealed record InterviewErased(Guid Id, string Key, Guid Interview, IReadOnlyList<string>? Columns) : IEvent;
