namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>
/// One message of CredSSP ([MS-CSSP] 2.2.1), which carries NTLM or Kerberos inside TLS, then the proof that both ends see the same
/// TLS key, then the password.
/// </summary>
public sealed class TsRequest
{
    /// <summary>The version that the gateway speaks.</summary>
    public const int CurrentVersion = 6;

    /// <summary>
    /// The first version whose proof of the TLS key covers a nonce: before it, a machine in the middle could have its own key vouched for
    /// (CVE-2018-0886).
    /// </summary>
    public const int FirstSafeVersion = 5;

    /// <summary>Bytes of <see cref="ClientNonce"/>.</summary>
    public const int NonceLength = 32;

    /// <summary>Field [0].</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Field [1], negoTokens: the one NTLM, Kerberos or SPNEGO token. More than one is nobody's use.</summary>
    public ReadOnlyMemory<byte>? NegoToken { get; init; }

    /// <summary>Field [2]: <see cref="TsCredentials"/>, encrypted.</summary>
    public ReadOnlyMemory<byte>? AuthInfo { get; init; }

    /// <summary>Field [3]: a <see cref="PublicKeyBinding"/>, encrypted.</summary>
    public ReadOnlyMemory<byte>? PublicKeyAuth { get; init; }

    /// <summary>Field [4]: the NTSTATUS with which a server refuses; see <see cref="SignInRefusals"/>.</summary>
    public uint? ErrorCode { get; init; }

    /// <summary>Field [5].</summary>
    public ReadOnlyMemory<byte>? ClientNonce { get; init; }

    /// <summary>Names the kind only: the fields hold secrets.</summary>
    public override string ToString() => ErrorCode is null ? "TSRequest" : "TSRequest error";
}

/// <summary>What is wrong with bytes that are no <see cref="TsRequest"/>.</summary>
public enum TsRequestFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The bytes are no DER SEQUENCE, or one that is longer than the limit.</summary>
    BadFrame,

    /// <summary>A field is unknown, repeated or out of order.</summary>
    UnexpectedField,

    /// <summary>A field's content is not what its tag promises.</summary>
    BadField,

    /// <summary>Field [0] is absent.</summary>
    NoVersion,
}
