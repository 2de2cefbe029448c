namespace Relais.Gateway.Protocols.CleanPath;

/// <summary>Why a connection was not made, as the browser's RDP client understands it (field [1] of an RDCleanPath PDU).</summary>
/// <param name="Code"><see cref="General"/> or <see cref="Negotiation"/>.</param>
/// <param name="HttpStatus">An HTTP status that says the same, such as 403.</param>
/// <param name="WinsockError">A Winsock error that says the same, such as 10061 for a refused connection.</param>
/// <param name="TlsAlert">A TLS alert (RFC 8446, 6) that says the same, such as 42 for a bad certificate.</param>
public sealed record CleanPathError(ushort Code, ushort? HttpStatus = null, ushort? WinsockError = null, byte? TlsAlert = null)
{
    /// <summary>Anything but a failed negotiation.</summary>
    public const ushort General = 1;

    /// <summary>The target refused in its X.224 answer, which then stands in field [6].</summary>
    public const ushort Negotiation = 2;

    /// <summary>A general error told by an HTTP status.</summary>
    public static CleanPathError Http(ushort status) => new(General, HttpStatus: status);

    /// <summary>A general error told by a Winsock error number.</summary>
    public static CleanPathError Winsock(ushort error) => new(General, WinsockError: error);

    /// <summary>A general error told by a TLS alert.</summary>
    public static CleanPathError Tls(byte alert) => new(General, TlsAlert: alert);
}
