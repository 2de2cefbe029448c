using System.Buffers;
using System.Net.Security;
using CsCheck;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

/// <summary>Targets that do network level authentication wrongly, or not at all.</summary>
public sealed class NlaPeerTests
{
    private static readonly RdpCredentials Account = new("anne", "Mot-de-passe-du-poste-7");

    private const string AccountHash = "DEA86B6C31AAAABA6A955C58EBD63767";

    private static byte[] Challenge => NtlmServer.Challenge;

    [Fact]
    public async Task A_target_without_it_is_refused_when_it_is_demanded()
    {
        var received = 0;
        await using var peer = RdpPeer.Tls(async tls => received = await tls.ReadAsync(new byte[1]));
        await ShouldFailAsync(peer, HandshakeFailure.SecurityTooWeak);
        Assert.Equal(0, received);
        Assert.Equal("030000130EE00000000000010008000B000000", Convert.ToHexString(peer.Request));
    }

    [Fact]
    public async Task A_target_that_ends_before_it_challenges_is_lost()
    {
        await using var peer = Hybrid(async tls => await ReadAsync(tls));
        await ShouldFailAsync(peer, HandshakeFailure.TargetLost);
    }

    [Fact]
    public async Task A_target_that_ends_in_good_order_instead_of_proving_its_key_refused_the_password()
    {
        await using var peer = Hybrid(async tls => await ChallengeAsync(tls));
        await ShouldFailAsync(peer, HandshakeFailure.CredentialsRefused);
    }

    [Fact]
    public async Task A_target_that_ends_within_a_message_is_lost()
    {
        await using var peer = Hybrid(async tls =>
        {
            await ReadAsync(tls);
            await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { NegoToken = Challenge }).AsMemory(0, 40));
        });
        await ShouldFailAsync(peer, HandshakeFailure.TargetLost);
    }

    [Theory]
    [InlineData("3083FFFFFF")] // longer than any message, told by its length alone
    [InlineData("030000130ED000001234000200080002000000")]
    [InlineData("3000")]
    [InlineData("3005A0030201063005A003020106")] // two at once
    public async Task A_target_that_answers_something_else_is_refused(string answer)
    {
        await using var peer = Hybrid(async tls =>
        {
            await ReadAsync(tls);
            await tls.WriteAsync(Convert.FromHexString(answer));
            await tls.CopyToAsync(Stream.Null);
        });
        await ShouldFailAsync(peer, HandshakeFailure.SignInFailed);
    }

    [Fact]
    public async Task A_target_of_before_the_fixed_binding_is_refused()
    {
        await using var peer = Hybrid(async tls =>
        {
            await ReadAsync(tls);
            await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { Version = 4, NegoToken = Challenge }));
            await tls.CopyToAsync(Stream.Null);
        });
        await ShouldFailAsync(peer, HandshakeFailure.SecurityTooWeak);
    }

    [Fact]
    public async Task A_target_that_repeats_our_proof_gets_no_password()
    {
        var after = -1;
        await using var peer = Hybrid(async tls =>
        {
            var proof = await ChallengeAsync(tls);
            await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { PublicKeyAuth = proof.PublicKeyAuth }));
            after = await tls.ReadAsync(new byte[1]);
        });
        await ShouldFailAsync(peer, HandshakeFailure.KeyNotProven);
        await peer.DisposeAsync();
        Assert.Equal(0, after);
    }

    [Theory]
    [InlineData(0xC000006D, "CredentialsRefused")]
    [InlineData(0xC0000234, "AccountLocked")]
    [InlineData(0xC0000224, "PasswordExpired")]
    [InlineData(0xC0000072, "AccountBarred")]
    [InlineData(0xC0000001, "SignInFailed")]
    public async Task A_target_that_says_why_is_understood(uint status, string why)
    {
        await using var peer = Hybrid(async tls =>
        {
            await ChallengeAsync(tls);
            await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { ErrorCode = status }));
            await tls.CopyToAsync(Stream.Null);
        });
        await ShouldFailAsync(peer, Enum.Parse<HandshakeFailure>(why));
    }

    [Fact]
    public async Task A_liar_that_knows_the_password_and_sees_another_key_gets_no_credentials()
    {
        await using var peer = Hybrid(async tls => Assert.Fail((await ProveAsync(tls, [1, 2, 3])).ToString()));
        await ShouldFailAsync(peer, HandshakeFailure.KeyNotProven);
    }

    [Fact]
    public async Task The_target_is_given_the_account_and_after_HYBRID_EX_its_verdict_is_awaited()
    {
        var given = new TaskCompletionSource<RdpCredentials?>();
        RdpPeer? self = null;
        await using var peer = self = RdpPeer.Choosing(RdpPeer.HybridExChosen, async tls =>
        {
            var (ntlm, request) = await ProveAsync(tls, self!.Certificate.GetPublicKey());
            TsCredentials.TryRead(ntlm.Open(request.AuthInfo!.Value.Span), out var credentials);
            given.SetResult(credentials);
            await tls.WriteAsync(new byte[4]);
            await tls.CopyToAsync(Stream.Null);
        });
        using var browser = await Loopback.ConnectAsync();
        var account = new RdpCredentials("anne", Account.Password, "INSTITUT");
        await using var target = Assert.IsType<Handshake.Connected>(
            await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, peer.Pin, SignIn: account))).Target;
        Assert.Equal(SecurityProtocols.HybridEx, target.SignedIn);
        var seen = await given.Task;
        Assert.Equal((account.UserName, account.Password, account.Domain), (seen?.UserName, seen?.Password, seen?.Domain));
    }

    [Fact]
    public async Task An_account_that_may_not_come_here_is_told_so()
    {
        RdpPeer? self = null;
        await using var peer = self = RdpPeer.Choosing(RdpPeer.HybridExChosen, async tls =>
        {
            await ProveAsync(tls, self!.Certificate.GetPublicKey());
            await tls.WriteAsync(new byte[] { 5, 0, 0, 0 });
            await tls.CopyToAsync(Stream.Null);
        });
        await ShouldFailAsync(peer, HandshakeFailure.AccountBarred);
    }

    [Fact]
    public void A_challenge_with_changed_bytes_never_throws() =>
        Gen.Select(Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 110]).Sample((i, a, j, b, length) =>
        {
            var token = Challenge[..Math.Min(length + 12, Challenge.Length)];
            (token[i % token.Length], token[j % token.Length]) = (a, b);
            using var answers = new Script(TsRequestWriter.Write(new TsRequest { NegoToken = token }), TsRequestWriter.Write(new TsRequest()));
            var run = new CredSspSignIn(answers, [], "TERMSRV/desk", Account).RunAsync(verdict: false, default);
            Assert.True(run.IsCompleted);
            Assert.Equal(HandshakeFailure.SignInFailed, run.GetAwaiter().GetResult());
        }, iter: 2000);

    private static RdpPeer Hybrid(Func<SslStream, Task> serve) => RdpPeer.Choosing(RdpPeer.HybridChosen, serve);

    /// <summary>Challenges, and gives the answer.</summary>
    private static async Task<TsRequest> ChallengeAsync(SslStream tls)
    {
        await ReadAsync(tls);
        await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { NegoToken = Challenge }));
        return await ReadAsync(tls);
    }

    /// <summary>Does everything as it should be with this key, and gives what came last.</summary>
    private static async Task<(NtlmServer Ntlm, TsRequest Last)> ProveAsync(SslStream tls, byte[] key)
    {
        var proof = await ChallengeAsync(tls);
        var ntlm = new NtlmServer(AccountHash);
        ntlm.Accept(proof.NegoToken!.Value.ToArray());
        // The client's hash is opened first: its cipher stream is the one that the credentials go on with.
        ntlm.Open(proof.PublicKeyAuth!.Value.Span);
        var nonce = proof.ClientNonce!.Value.ToArray();
        await tls.WriteAsync(TsRequestWriter.Write(new TsRequest { PublicKeyAuth = ntlm.Wrap(PublicKeyBinding.OfServer(nonce, key)) }));
        return (ntlm, await ReadAsync(tls));
    }

    private static async Task<TsRequest> ReadAsync(Stream tls)
    {
        var buffer = new byte[TsRequestReader.Limit];
        for (int filled = 0, read; (read = await tls.ReadAsync(buffer.AsMemory(filled))) > 0;)
        {
            filled += read;
            var bytes = new ReadOnlySequence<byte>(buffer, 0, filled);
            if (TsRequestReader.TryRead(ref bytes, buffer.Length, out var request, out _) == ReadResult.Complete)
                return request!;
        }

        throw new EndOfStreamException();
    }

    private static async Task ShouldFailAsync(RdpPeer peer, HandshakeFailure why)
    {
        using var browser = await Loopback.ConnectAsync();
        Assert.Equal(new Handshake.Failed(why), await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, peer.Pin, SignIn: Account)));
        Assert.Equal(why.ToError(), (await Browser.ReadPduAsync(browser.Stream)).Error);
    }

    /// <summary>A target whose answers are known beforehand.</summary>
    private sealed class Script(params byte[][] answers) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == answers.Length)
                return ValueTask.FromResult(0);
            answers[_next].CopyTo(buffer);
            return ValueTask.FromResult(answers[_next++].Length);
        }
    }
}
