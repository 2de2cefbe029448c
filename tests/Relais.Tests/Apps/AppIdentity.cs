using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pilotage;
using Relais.Gateway.Apps;

namespace Relais.Tests.Apps;

/// <summary>Signed identities, as the sample system checks them. Days pass here.</summary>
public sealed class AppIdentity(AppsApp app) : IClassFixture<AppsApp>
{
    private IdentityKeys Keys => app.Services.GetRequiredService<IdentityKeys>();

    [Fact]
    public async Task Only_a_token_that_is_signed_by_the_portal_for_this_app_and_still_good_says_who_somebody_is()
    {
        using var check = Check();
        var key = await Keys.SigningAsync(CancellationToken.None);
        var good = Claims();
        Assert.Equal("anne", (await ReadAsync(check, IdentityToken.Sign(good, key)))?.UserName);

        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var parts = IdentityToken.Sign(good, key).Split('.');
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bad = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["other app"] = IdentityToken.Sign(good with { Aud = "echo.localhost" }, key),
            ["other portal"] = IdentityToken.Sign(good with { Iss = "https://evil.example" }, key),
            ["expired"] = IdentityToken.Sign(good with { Exp = now - 60 }, key),
            ["not yet"] = IdentityToken.Sign(good with { Iat = now + 600, Exp = now + 660 }, key),
            ["other key, known name"] = IdentityToken.Sign(good, key with { Parameters = foreign.ExportParameters(includePrivateParameters: true) }),
            ["other key, own name"] = IdentityToken.Sign(good, new IdentityKey("other", foreign.ExportParameters(includePrivateParameters: true), app.Clock.GetUtcNow())),
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["alg none"] = $"{Part("""{"alg":"none"}""")}.{parts[1]}.",
            ["alg HS256 with the public key"] = Hmac(parts[1], key),
            ["changed claims"] = $"{parts[0]}.{Part(JsonSerializer.Serialize(new { sub = "x" }))}.{parts[2]}",
            ["nothing"] = "",
            ["rubbish"] = "a.b.c",
            ["two dots"] = "..",
        };
        foreach (var (what, token) in bad)
            Assert.True(await ReadAsync(check, token) is null, what);
    }

    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_an_old_one_after_it_did()
    {
        using var check = Check();
        var first = await Keys.SigningAsync(CancellationToken.None);
        app.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(2));
        var published = await Keys.PublishedAsync(CancellationToken.None);
        Assert.Equal(2, published.Count);
        Assert.Equal(first.Id, (await Keys.SigningAsync(CancellationToken.None)).Id);

        app.Clock.Advance(IdentityKeys.Settling + TimeSpan.FromMinutes(2));
        var second = await Keys.SigningAsync(CancellationToken.None);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Contains(first.Id, await ListAsync());
        // The list that an app keeps is fetched again for a key that it does not know.
        Assert.NotNull(await ReadAsync(check, IdentityToken.Sign(Claims(), second)));
        Assert.NotNull(await ReadAsync(check, IdentityToken.Sign(Claims(), first)));

        app.Clock.Advance(TimeSpan.FromDays(31));
        Assert.DoesNotContain(first.Id, await ListAsync());
    }

    [Fact]
    public async Task The_published_keys_hold_no_private_part_and_anybody_may_read_them()
    {
        using var browser = app.OpenBrowser();
        var list = await browser.Client.GetStringAsync(PublishKeys.Path);
        foreach (var key in JsonSerializer.Deserialize<JsonElement>(list).GetProperty("keys").EnumerateArray())
            Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    private IdentityCheck Check() => new(app.Address, "pilotage.localhost", Path.Combine(app.DataFolder, "tls", "ca.crt"), app.Clock);

    private IdentityToken.Claims Claims()
    {
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        return new IdentityToken.Claims(
            app.Address.GetLeftPart(UriPartial.Authority), "pilotage.localhost", $"{Guid.NewGuid()}", "anne", "Anne", "fr", ["Études"], now, now + 60);
    }

    private static Task<Identity?> ReadAsync(IdentityCheck check, string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[IdentityCheck.Header] = token;
        return check.OfAsync(context.Request, CancellationToken.None);
    }

    private async Task<List<string>> ListAsync()
    {
        using var browser = app.OpenBrowser();
        var list = await browser.Client.GetFromJsonAsync<JsonElement>(PublishKeys.Path);
        return [.. list.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];
    }

    private static string Hmac(string body, IdentityKey key)
    {
        var signed = $"{Part(JsonSerializer.Serialize(new { alg = "HS256", kid = key.Id }))}.{body}";
        using var open = ECDsa.Create(key.Parameters);
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(open.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
