namespace Relais.Telephony.Contracts;

/// <summary>Is told by this node that one of its calls stands somewhere else than before, once that is written. It returns at once: what happens on the lines waits for it.</summary>
public interface ICallWatcher
{
    void Changed(Guid call);
}
