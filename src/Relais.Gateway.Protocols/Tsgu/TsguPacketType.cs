namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>What a packet of the HTTP transport is ([MS-TSGU] 2.2.5.3.3, 2.2.10).</summary>
public enum TsguPacketType : ushort
{
    /// <summary>No packet has this type.</summary>
    None = 0,

    /// <summary>Client: the versions and the ways of proving identity that it knows.</summary>
    HandshakeRequest = 0x1,

    /// <summary>Server: the same of its own.</summary>
    HandshakeResponse = 0x2,

    /// <summary>Either: a step of an authentication that is spoken inside the tunnel. Not used with a cookie.</summary>
    ExtendedAuthentication = 0x3,

    /// <summary>Client: makes the tunnel, with the cookie that lets it.</summary>
    TunnelCreate = 0x4,

    /// <summary>Server: whether the tunnel is made.</summary>
    TunnelResponse = 0x5,

    /// <summary>Client: the name of the device.</summary>
    TunnelAuthorize = 0x6,

    /// <summary>Server: what may be redirected, and for how long the tunnel may be idle.</summary>
    TunnelAuthorizeResponse = 0x7,

    /// <summary>Client: asks for a connection to a target.</summary>
    ChannelCreate = 0x8,

    /// <summary>Server: whether there is one.</summary>
    ChannelResponse = 0x9,

    /// <summary>Either: bytes of the connection.</summary>
    Data = 0xA,

    /// <summary>Server: words to show to the person.</summary>
    ServiceMessage = 0xB,

    /// <summary>Server: asks the client to prove itself anew.</summary>
    Reauthenticate = 0xC,

    /// <summary>Either: nothing but a sign of life.</summary>
    KeepAlive = 0xD,

    /// <summary>Either: ends the channel.</summary>
    CloseChannel = 0x10,

    /// <summary>The answer to <see cref="CloseChannel"/>.</summary>
    CloseChannelResponse = 0x11,
}
