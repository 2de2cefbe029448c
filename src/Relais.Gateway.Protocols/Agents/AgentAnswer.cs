using System.Diagnostics.CodeAnalysis;

namespace Relais.Gateway.Protocols.Agents;

/// <summary>Why an agent could not do what it was asked.</summary>
public enum AgentFault
{
    /// <summary>It did it.</summary>
    None,

    /// <summary>The order is none that this agent knows.</summary>
    NotUnderstood,

    /// <summary>Its own rules do not allow the address or port.</summary>
    NotAllowed,

    /// <summary>It carries as many connections as it may.</summary>
    Busy,

    /// <summary>The target refused the connection.</summary>
    Refused,

    /// <summary>No way to the target; for waking up: no network to broadcast in.</summary>
    Unreachable,

    /// <summary>The target did not answer in time.</summary>
    TooSlow,

    /// <summary>The name leads to no address.</summary>
    NameUnknown,

    /// <summary>It reached the target, and could not open the WebSocket that was to carry the connection.</summary>
    NotCarried,
}

/// <summary>What an agent answers to an order. A connection that it carries is answered by its WebSocket instead.</summary>
/// <param name="Id">The order's.</param>
/// <param name="Fault">What went wrong.</param>
/// <param name="Addresses">For <see cref="AgentDeed.Resolve"/>: those that the agent would dial.</param>
public sealed record AgentAnswer(string Id, AgentFault Fault = AgentFault.None, IReadOnlyList<string>? Addresses = null)
{
    /// <summary>Longest message, in bytes.</summary>
    public const int LengthLimit = 2048;

    /// <summary>Most addresses in one answer.</summary>
    public const int AddressLimit = 8;

    // An IPv6 address with its scope.
    private const int AddressLengthLimit = 64;

    /// <summary>Writes the message.</summary>
    public byte[] Write() => AgentJson.Write(this);

    /// <summary>Reads a whole message. Never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out AgentAnswer? answer)
    {
        answer = message.Length > LengthLimit ? null : AgentJson.Read<AgentAnswer>(message);
        if (answer is not { Id.Length: > 0 and <= AgentOrder.IdLimit } || !InOrder(answer.Addresses ?? []))
            answer = null;
        return answer is not null;
    }

    private static bool InOrder(IReadOnlyList<string> addresses) =>
        addresses.Count <= AddressLimit && addresses.All(address => address is { Length: > 0 and <= AddressLengthLimit });
}
