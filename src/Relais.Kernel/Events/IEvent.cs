namespace Relais.Kernel.Events;

/// <summary>
/// Something that happened in a module and that its neighbours may want to know: an immutable record in the publisher's <c>Contracts</c>,
/// which JSON can write and read.
/// </summary>
public interface IEvent
{
    /// <summary>Its own, and never another's: whoever handles it keeps this id, so as to refuse the second time.</summary>
    Guid Id { get; }

    /// <summary>What it is about (a case, a call). Events of one key reach each consumer in the order in which they were told.</summary>
    string Key { get; }
}
