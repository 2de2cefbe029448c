using Relais.Gateway.Protocols.Agents;

namespace Relais.Gateway.Fuzz;

/// <summary>Both kinds of message between the server and a site's agent.</summary>
internal static class AgentTarget
{
    public static int Run(byte[] bytes)
    {
        var (isOrder, isAnswer) = (AgentOrder.TryRead(bytes, out var order), AgentAnswer.TryRead(bytes, out var answer));
        Targets.Promise(!isOrder || bytes.Length <= AgentOrder.LengthLimit, "no order is longer than its limit");
        Targets.Promise(!isOrder || order is { Id.Length: > 0, What.Length: > 0 }, "an order names itself and something");
        Targets.Promise(answer?.Addresses is null or { Count: <= AgentAnswer.AddressLimit }, "no more addresses than the limit");
        if (order is not null)
            Targets.Promise(AgentOrder.TryRead(order.Write(), out var again) ? again == order : order.Write().Length > AgentOrder.LengthLimit, "an order is read as it was written");
        return HashCode.Combine(isOrder, order?.Do, order?.What.Length / 32, isAnswer, answer?.Fault, answer?.Addresses?.Count);
    }
}
