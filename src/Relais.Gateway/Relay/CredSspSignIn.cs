using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>
/// Signs in at a target with network level authentication, inside TLS and before RDP ([MS-CSSP] 3.1.5): NTLM, then each side proves that
/// it sees the same TLS key, and only then the password goes over.
/// </summary>
/// <param name="tls">To the target; its certificate is the one that the pin allowed.</param>
/// <param name="subjectPublicKey">That certificate's key.</param>
/// <param name="service">The target's service name, such as TERMSRV/10.0.0.7.</param>
internal sealed class CredSspSignIn(Stream tls, byte[] subjectPublicKey, string service, RdpCredentials credentials)
{
    // Authorization Result PDU ([MS-RDPBCGR] 2.2.10.2.1).
    private const int VerdictLength = 4;
    private const uint Admitted = 0;

    private readonly byte[] _received = new byte[TsRequestReader.Limit];

    /// <summary>Runs to the end.</summary>
    /// <param name="verdict">Whether the target adds whether the user may enter, as it does after <see cref="SecurityProtocols.HybridEx"/>.</param>
    /// <returns>Null when signed in. What breaks on the way is thrown.</returns>
    public async Task<HandshakeFailure?> RunAsync(bool verdict, CancellationToken cancel)
    {
        // Windows takes no empty password over the network, and the runtime's NTLM makes none.
        if (credentials.Password.Length == 0)
            return HandshakeFailure.CredentialsRefused;
        using var ntlm = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "NTLM",
            Credential = new NetworkCredential(credentials.UserName, credentials.Password, credentials.Domain),
            TargetName = service,
            RequiredProtectionLevel = ProtectionLevel.EncryptAndSign,
        });
        if (Next(ntlm, ReadOnlyMemory<byte>.Empty) is not { } hello)
            return HandshakeFailure.SignInFailed;
        await SendAsync(new TsRequest { NegoToken = hello }, cancel);

        var challenge = await ReceiveAsync(cancel);
        if (Refusal(challenge) is { } refused)
            return refused;
        if (challenge?.NegoToken is not { } token || Next(ntlm, token) is not { } response || !ntlm.IsAuthenticated)
            return HandshakeFailure.SignInFailed;
        var nonce = RandomNumberGenerator.GetBytes(TsRequest.NonceLength);
        await SendAsync(
            new TsRequest { NegoToken = response, PublicKeyAuth = Seal(ntlm, PublicKeyBinding.OfClient(nonce, subjectPublicKey)), ClientNonce = nonce }, cancel);

        TsRequest? proof;
        try
        {
            proof = await ReceiveAsync(cancel);
        }
        catch (EndOfStreamException)
        {
            // Version 5 has no error codes and FreeRDP's server sends none: a refused password is told by an orderly end here, and only here.
            return HandshakeFailure.CredentialsRefused;
        }

        if (Refusal(proof) is { } denied)
            return denied;
        if (proof?.PublicKeyAuth is not { } sealedProof)
            return HandshakeFailure.SignInFailed;
        // Whoever has the session key knows the password already; whoever sees another TLS key sits in the middle.
        if (!Proves(ntlm, sealedProof, PublicKeyBinding.OfServer(nonce, subjectPublicKey)))
            return HandshakeFailure.KeyNotProven;

        var secret = TsCredentials.Write(credentials);
        await SendAsync(new TsRequest { AuthInfo = Seal(ntlm, secret) }, cancel);
        CryptographicOperations.ZeroMemory(secret);
        return verdict ? await ReadVerdictAsync(cancel) : null;
    }

    private static byte[]? Next(NegotiateAuthentication ntlm, ReadOnlyMemory<byte> token)
    {
        try
        {
            var next = ntlm.GetOutgoingBlob(token.Span, out var status);
            return status is NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded ? next : null;
        }
        catch (ArgumentException)
        {
            // The runtime's NTLM slices what the target sent without looking first.
            return null;
        }
    }

    private static byte[] Seal(NegotiateAuthentication ntlm, ReadOnlySpan<byte> plain)
    {
        var output = new ArrayBufferWriter<byte>();
        var status = ntlm.Wrap(plain, output, requestEncryption: true, out var encrypted);
        return status == NegotiateAuthenticationStatusCode.Completed && encrypted
            ? output.WrittenSpan.ToArray()
            : throw new InvalidOperationException($"NTLM does not encrypt: {status}.");
    }

    private static bool Proves(NegotiateAuthentication ntlm, ReadOnlyMemory<byte> sealedProof, byte[] expected)
    {
        try
        {
            var output = new ArrayBufferWriter<byte>();
            return ntlm.Unwrap(sealedProof.Span, output, out var encrypted) == NegotiateAuthenticationStatusCode.Completed && encrypted
                && CryptographicOperations.FixedTimeEquals(output.WrittenSpan, expected);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static HandshakeFailure? Refusal(TsRequest? answer) => answer switch
    {
        null => HandshakeFailure.SignInFailed,
        { ErrorCode: { } status } => SignInRefusals.Of(status) switch
        {
            SignInRefusal.Credentials => HandshakeFailure.CredentialsRefused,
            SignInRefusal.Locked => HandshakeFailure.AccountLocked,
            SignInRefusal.PasswordExpired => HandshakeFailure.PasswordExpired,
            SignInRefusal.Barred => HandshakeFailure.AccountBarred,
            SignInRefusal.Other => HandshakeFailure.SignInFailed,
        },
        { Version: < TsRequest.FirstSafeVersion } => HandshakeFailure.SecurityTooWeak,
        _ => null,
    };

    private async Task SendAsync(TsRequest request, CancellationToken cancel) => await tls.WriteAsync(TsRequestWriter.Write(request), cancel);

    /// <summary>The target's next message; null when it is none. A target waits for the gateway's: more at once is not one.</summary>
    private async Task<TsRequest?> ReceiveAsync(CancellationToken cancel)
    {
        var filled = 0;
        while (true)
        {
            var read = await tls.ReadAsync(_received.AsMemory(filled), cancel);
            if (read == 0)
                throw new EndOfStreamException();
            filled += read;
            var bytes = new ReadOnlySequence<byte>(_received, 0, filled);
            switch (TsRequestReader.TryRead(ref bytes, TsRequestReader.Limit, out var request, out _))
            {
                case ReadResult.NeedMore:
                    continue;
                case ReadResult.Complete when bytes.IsEmpty:
                    return request;
                default:
                    return null;
            }
        }
    }

    private async Task<HandshakeFailure?> ReadVerdictAsync(CancellationToken cancel)
    {
        await tls.ReadExactlyAsync(_received.AsMemory(0, VerdictLength), cancel);
        return BinaryPrimitives.ReadUInt32LittleEndian(_received) == Admitted ? null : HandshakeFailure.AccountBarred;
    }
}
