using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;

namespace Relais.Tests.Audience;

/// <summary>The end of an embargo is changed while it lasts, with a reason, and opened early by a second person only.</summary>
public sealed class AudienceEmbargo(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task An_embargo_is_put_off_by_who_proposed_and_lifted_by_somebody_else()
    {
        var end = app.Clock.GetUtcNow().AddDays(2);
        var (wave, _) = await app.PublishAsync("Reportée", end);
        using var researcher = await app.SignInAsync(app.Researcher);
        using var validator = await app.SignInAsync(app.Validator);
        using var reader = await app.SignInAsync(app.Reader);
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(researcher, wave, end.AddHours(-1), "Plus tôt"));
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(researcher, wave, null, "Tout de suite"));
        Assert.Equal(HttpStatusCode.Conflict, await ChangeAsync(validator, wave, end.AddDays(1), " "));
        Assert.Equal(HttpStatusCode.Conflict, await ChangeAsync(validator, wave, app.Clock.GetUtcNow().AddSeconds(-1), "Hier"));
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(reader, wave, null, "Curieux"));
        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(researcher, wave, end.AddDays(1), "La presse attend vendredi."));

        // Sign-ins are over by then.
        app.Clock.Advance(TimeSpan.FromDays(2.5));
        using var readerLater = await app.SignInAsync(app.Reader);
        using var validatorLater = await app.SignInAsync(app.Validator);
        using (var hidden = await readerLater.Client.GetAsync($"/api/audience/waves/{wave}"))
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(validatorLater, wave, null, "Fuite dans la presse."));
        using (var open = await readerLater.Client.GetAsync($"/api/audience/waves/{wave}"))
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, await ChangeAsync(validatorLater, wave, app.Clock.GetUtcNow().AddDays(1), "Trop tard"));

        var subject = $"wave:{wave}";
        var lines = await app.InAudienceAsync(db => db.Set<AuditLine>().Where(l => l.Subject == subject && l.Action == "wave.embargo-changed").OrderBy(l => l.Seq).ToListAsync());
        Assert.Equal(2, lines.Count);
        Assert.Contains("La presse attend vendredi.", JsonSerializer.Deserialize<JsonElement>(lines[0].Detail!).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_offers_what_its_reader_may_do_and_refuses_in_words()
    {
        var end = app.Clock.GetUtcNow().AddDays(9);
        var (wave, _) = await app.PublishAsync("Par la page", end);
        using var researcher = await app.SignInAsync(app.Researcher);
        var own = await researcher.GetAsync($"/audience/waves/{wave}");
        Assert.Contains("vous pouvez reporter la fin de l’embargo", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lever l’embargo maintenant", own.Text, StringComparison.Ordinal);
        var refused = await researcher.SubmitAsync(own, "change-embargo", ("NewEnd", end.AddDays(-1).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture)), ("Reason", "Plus tôt"));
        Assert.Contains("une autre personne doit le publier", refused.Text, StringComparison.Ordinal);

        using var validator = await app.SignInAsync(app.Validator);
        var lifted = await validator.SubmitAsync(await validator.GetAsync($"/audience/waves/{wave}"), "lift-embargo", ("LiftReason", "Accord de la direction"));
        Assert.Contains("L’embargo est levé.", lifted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Changer la fin de l’embargo", lifted.Text, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> ChangeAsync(Browser person, Guid wave, DateTimeOffset? until, string reason)
    {
        using var answer = await person.PostJsonAsync($"/api/audience/waves/{wave}/embargo", new { embargoUntil = until, reason });
        return answer.StatusCode;
    }
}
