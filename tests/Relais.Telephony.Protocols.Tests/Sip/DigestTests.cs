using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Protocols.Tests.Sip;

public sealed class DigestTests
{
    // RFC 2617, 3.5, and RFC 7616, 3.9.1: the same request for both algorithms of the latter.
    [Theory]
    [InlineData("MD5", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "Circle Of Life", "0a4f113b", "6629fae49393a05397450978507c4ef1")]
    [InlineData("MD5", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Answers_are_those_of_the_standards_examples(string algorithm, string realm, string nonce, string password, string own, string response)
    {
        var challenge = DigestChallenge.TryParse($"Digest realm=\"{realm}\", qop=\"auth,auth-int\", algorithm={algorithm}, nonce=\"{nonce}\", opaque=\"5ccc\"")!;
        var answer = Digest.Answer(challenge, "Mufasa", password, "GET", "/dir/index.html", 1, own);
        Assert.Contains($"response=\"{response}\"", answer, StringComparison.Ordinal);
        Assert.Contains("qop=auth, nc=00000001", answer, StringComparison.Ordinal);
        Assert.Contains("opaque=\"5ccc\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_challenge_without_protection_is_answered_as_before_it()
    {
        var challenge = DigestChallenge.TryParse("Digest realm=\"trunk\", nonce=\"abc\", stale=TRUE")!;
        Assert.True(challenge.Stale);
        Assert.DoesNotContain("qop", Digest.Answer(challenge, "relais", "secret", "INVITE", "sip:x", 1, "own"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Digest realm=\"x\"")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", algorithm=SHA-512-256")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"")]
    [InlineData("")]
    public void What_cannot_be_answered_is_no_challenge(string header) => Assert.Null(DigestChallenge.TryParse(header));

    [Fact]
    public void The_strongest_that_is_offered_is_taken()
    {
        var response = new SipResponse(407, "Proxy Authentication Required");
        response.Headers.Add("Proxy-Authenticate", "Digest realm=\"x\", nonce=\"1\", algorithm=MD5").Add("Proxy-Authenticate", "Digest realm=\"x\", nonce=\"2\", algorithm=SHA-256");
        Assert.Equal("2", DigestChallenge.Best(response)!.Nonce);
    }
}
