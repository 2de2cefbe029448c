namespace Relais.Telephony.Contracts;

/// <summary>A moment of a call to go back to.</summary>
/// <param name="Ms">Milliseconds since the answer; never negative.</param>
/// <param name="Label">At most 200 characters, as people read it: a question's short name.</param>
public sealed record CallMark(int Ms, string Label);

/// <summary>Notes what was asked when in a call, so that whoever listens to its recording finds the question.</summary>
public interface ICallMarks
{
    /// <summary>Adds marks; those that are there already stay. Those of a call that is gone, and those that are no marks, are let go.</summary>
    Task AddAsync(Guid call, IReadOnlyList<CallMark> marks, CancellationToken cancel);
}
