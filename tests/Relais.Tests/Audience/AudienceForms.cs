using Microsoft.EntityFrameworkCore;
using Relais.Audience;
using Relais.Audience.Samples;
using Relais.Audience.Studies;

namespace Relais.Tests.Audience;

public sealed class AudienceForms(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task A_study_is_saved_from_its_form_and_a_wrong_line_is_told_beside_its_list()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        var form = await researcher.GetAsync("/audience/studies/new");
        (string, string?)[] fields =
        [
            ("Sent.Name", "Étude du formulaire"), ("Sent.Stations", "A; Radio A; Réseau\nB"), ("Sent.Groups", "Les deux: A, C"), ("Sent.Bands", "0500-2400; Journée\n0900-0600"),
            ("Sent.Targets", "Tous: all"), ("Sent.Method", "Logit"), ("Sent.Lower", "0,3"), ("Sent.Upper", "0,9"),
        ];
        var refused = await researcher.SubmitAsync(form, "study", fields);
        Assert.StartsWith("Ligne 2 :", refused.ErrorOf("Sent.Stations"), StringComparison.Ordinal);
        Assert.Contains("C", refused.ErrorOf("Sent.Groups"), StringComparison.Ordinal);
        Assert.Contains("0900-0600", refused.ErrorOf("Sent.Bands"), StringComparison.Ordinal);
        Assert.NotNull(refused.ErrorOf("Sent.Lower"));
        Assert.Equal("Étude du formulaire", refused.ValueOf("Sent.Name"));

        var saved = await researcher.SubmitAsync(
            refused, "study", ("Sent.Name", "Étude du formulaire"), ("Sent.Stations", "A; Radio A; Réseau\nB; Radio B"), ("Sent.Groups", "Les deux: A, B"), ("Sent.Bands", "0500-2400; Journée"),
            ("Sent.Targets", "Tous: all"), ("Sent.Method", "Logit"), ("Sent.Lower", "0,3"), ("Sent.Upper", "3"));
        Assert.Equal("/audience/studies", saved.Path);
        var settings = await app.InAudienceAsync(async db => AudienceJson.Read<StudySettings>(
            await db.StudyVersions.Where(v => db.Studies.Any(s => s.Id == v.StudyId && s.Name == "Étude du formulaire")).Select(v => v.Settings).SingleAsync()));
        Assert.Equal(["A", "B"], settings.Stations.Select(s => s.Code));
        Assert.Equal(["Les deux", "Réseau"], settings.AllGroups.Select(g => g.Name));
        Assert.Equal((0.3, 3.0), (settings.Scheme.Lower, settings.Scheme.Upper));
    }

    [Fact]
    public async Task Saving_a_study_adds_a_version_and_leaves_the_earlier_one()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        var before = await VersionsAsync();
        var form = await researcher.GetAsync($"/audience/studies/{app.Study}");
        var fields = ReadSettings.Write("", SampleStudy.Settings);
        await researcher.SubmitAsync(
            form, "study", ("Sent.Stations", fields.Stations), ("Sent.Groups", fields.Groups), ("Sent.Bands", fields.Bands), ("Sent.Targets", fields.Targets), ("Sent.MinListeners", "20"));
        var after = await VersionsAsync();
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Equal(before, after[..^1]);
    }

    private Task<List<string>> VersionsAsync() =>
        app.InAudienceAsync(db => db.StudyVersions.Where(v => v.StudyId == app.Study).OrderBy(v => v.Number).Select(v => v.Settings).ToListAsync());
}
