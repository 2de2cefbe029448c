using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Tests.Gateway;

/// <summary>What a target is told of a native client, by whether its session is recorded.</summary>
public sealed class NativeNarrowingTests(NativeApp app) : IClassFixture<NativeApp>
{
    [Fact]
    public async Task Where_nothing_is_recorded_the_target_is_told_what_the_client_said() =>
        Assert.Equal(Rounds(Browser.ConfirmActive()), await ToldAsync(RecordingPolicy.Off, Rounds(Browser.ConfirmActive())));

    [Fact]
    public async Task Where_it_is_recorded_the_target_is_told_less_in_each_round()
    {
        var narrowed = Browser.ConfirmActive();
        var found = false;
        Assert.True(ConfirmActive.TryNarrow(narrowed.AsSpan(15), ref found));
        Assert.True(found);
        Assert.NotEqual(Browser.ConfirmActive(), narrowed);
        Assert.Equal(Rounds(narrowed), await ToldAsync(RecordingPolicy.Mandatory, Rounds(Browser.ConfirmActive())));
    }

    // Announced, something typed, and announced again as after a change of the desktop's size.
    private static byte[] Rounds(byte[] announcement) => [.. announcement, 0x44, 0x04, 0x01, 0x1E, .. announcement, 0x44, 0x04, 0x00, 0x1E];

    /// <summary>Sends this after the start-up, and gives what arrived of it.</summary>
    private async Task<byte[]> ToldAsync(RecordingPolicy recording, byte[] sent)
    {
        var seen = new TaskCompletionSource<byte[]>();
        await using var target = RdpPeer.Tls(async tls =>
        {
            // The account is the gateway's, so Client Info has another length: the end is found by what is at it.
            var all = new List<byte>();
            var buffer = new byte[4096];
            while (!all.TakeLast(4).SequenceEqual(sent[^4..]))
                all.AddRange(buffer[..await tls.ReadAtLeastAsync(buffer, 1)]);
            seen.SetResult([.. all.TakeLast(sent.Length)]);
        });
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, target.Address, target.Pin, recording: recording);
        await using var client = await NativePeer.WebSocketAsync(app);
        await client.OpenAsync(grant.Token);
        await using var channel = client.Channel();
        await channel.WriteAsync(new X224Request(SecurityProtocols.Tls, 0, 0).Write());
        await channel.ReadExactlyAsync(new byte[19]);

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt")));
        await using var tls = new SslStream(channel);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        await tls.WriteAsync(Browser.StartUp());
        await tls.WriteAsync(sent);
        return await seen.Task.WaitAsync(NativePeer.Patience);
    }
}
