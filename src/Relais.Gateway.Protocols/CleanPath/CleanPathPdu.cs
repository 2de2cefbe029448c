namespace Relais.Gateway.Protocols.CleanPath;

/// <summary>
/// The one message each way that opens an RDP connection through a web gateway: the client names a destination and gives its
/// X.224 request; the gateway answers with the target's X.224 confirm and certificates, after which plain RDP follows.
/// </summary>
public sealed class CleanPathPdu
{
    /// <summary>The only version there is.</summary>
    public const long CurrentVersion = 3390;

    /// <summary>Field [0].</summary>
    public long Version { get; init; } = CurrentVersion;

    /// <summary>Field [1], of a failed answer.</summary>
    public CleanPathError? Error { get; init; }

    /// <summary>Field [2], of a request: where the client says it wants to go. Never a place to dial.</summary>
    public string? Destination { get; init; }

    /// <summary>Field [3], of a request: the token that the gateway redeems. A secret.</summary>
    public string? ProxyAuth { get; init; }

    /// <summary>Field [4], of a request.</summary>
    public string? ServerAuth { get; init; }

    /// <summary>Field [5], of a request: [MS-RDPEPS] preconnection blob.</summary>
    public string? PreconnectionBlob { get; init; }

    /// <summary>Field [6]: the X.224 connection request or confirm, with its TPKT header.</summary>
    public ReadOnlyMemory<byte>? X224 { get; init; }

    /// <summary>Field [7], of an answer: DER certificates of the target, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Certificates { get; init; }

    /// <summary>Field [9], of an answer: IP address and port, which the web client insists on parsing.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>The answer that lets RDP begin.</summary>
    public static CleanPathPdu Answer(
        ReadOnlyMemory<byte> x224Confirm, IReadOnlyList<ReadOnlyMemory<byte>> certificates, string serverAddress) =>
        new() { X224 = x224Confirm, Certificates = certificates, ServerAddress = serverAddress };

    /// <summary>The answer that ends the attempt.</summary>
    /// <param name="error">Why.</param>
    /// <param name="x224Confirm">The target's refusal, with <see cref="CleanPathError.Negotiation"/>.</param>
    public static CleanPathPdu Refusal(CleanPathError error, ReadOnlyMemory<byte>? x224Confirm = null) =>
        new() { Error = error, X224 = x224Confirm };

    /// <summary>Names the kind only: the fields hold secrets.</summary>
    public override string ToString() => Error is not null ? "RDCleanPath error" : Certificates is not null ? "RDCleanPath answer" : "RDCleanPath request";
}
