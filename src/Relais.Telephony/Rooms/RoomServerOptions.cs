namespace Relais.Telephony.Rooms;

/// <summary>A voice server (Janus) that rooms are made on.</summary>
public sealed class RoomServerOptions
{
    /// <summary>Its HTTP interface, such as http://127.0.0.1:8088/janus. In the clear: on this machine, or on a network of the institute's own.</summary>
    public string Address { get; set; } = "";

    /// <summary>The secret of that interface, and of making rooms.</summary>
    public string Secret { get; set; } = "";

    /// <summary>This server's own address as that one reaches it, in numbers, for voices.</summary>
    public string Local { get; set; } = "127.0.0.1";

    /// <summary>Whether it is about to be taken away: no new rooms.</summary>
    public bool Draining { get; set; }
}
