using System.Diagnostics.CodeAnalysis;

namespace Relais.Gateway.Protocols.Agents;

/// <summary>What a site's agent may be asked to do.</summary>
public enum AgentDeed
{
    /// <summary>Connect to an address and port, and open a WebSocket that carries the connection.</summary>
    Dial,

    /// <summary>Ask the office's resolver for the addresses of a name.</summary>
    Resolve,

    /// <summary>Broadcast the magic packet for a hardware address, twelve hexadecimal digits.</summary>
    Wake,
}

/// <summary>One thing that the server asks of an agent.</summary>
/// <param name="Id">Names the order in its answer; for <see cref="AgentDeed.Dial"/> also the ticket of the carrying WebSocket. Random.</param>
/// <param name="Do">The deed.</param>
/// <param name="What">What to do it with.</param>
public sealed record AgentOrder(string Id, AgentDeed Do, string What)
{
    /// <summary>Longest message, in bytes.</summary>
    public const int LengthLimit = 1024;

    internal const int IdLimit = 64;

    // A host's name has at most 253 characters.
    private const int WhatLimit = 253;

    /// <summary>Writes the message.</summary>
    public byte[] Write() => AgentJson.Write(this);

    /// <summary>Reads a whole message. Never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out AgentOrder? order)
    {
        order = message.Length > LengthLimit ? null : AgentJson.Read<AgentOrder>(message);
        if (order is not { Id.Length: > 0 and <= IdLimit, What.Length: > 0 and <= WhatLimit })
            order = null;
        return order is not null;
    }
}
