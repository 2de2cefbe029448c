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

    [Theory]
    [InlineData("Femmes: sexe = 'F'", "sexe. Ils ont : sex, age, region, day", 9)]
    [InlineData("Femmes: sex = F", "un texte entre apostrophes", 15)]
    [InlineData("Femmes: sex = 'F", "n’est pas fermé", 15)]
    [InlineData("Femmes: (sex = 'F'", "une parenthèse fermante", 19)]
    [InlineData("Femmes: sex = 'F' & age = '65+'", "« & » n’a pas de sens ici", 19)]
    [InlineData("Jeunes: age < 25", "qui n’ont pas d’ordre", 15)]
    public async Task A_target_that_the_next_run_would_refuse_is_refused_with_its_place(string target, string words, int character)
    {
        await app.AddWaveAsync($"Cible {target}");
        using var researcher = await app.SignInAsync(app.Researcher);
        var before = await VersionsAsync();
        var refused = await SaveAsync(researcher, $"Ensemble: all\n{target}");
        var error = refused.ErrorOf("Sent.Targets");
        Assert.StartsWith("Ligne 2 :", error, StringComparison.Ordinal);
        Assert.Contains($"caractère {character}", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Equal(before, await VersionsAsync());
    }

    [Fact]
    public async Task An_answer_that_nobody_gave_is_told_and_does_not_keep_the_study_from_being_saved()
    {
        await app.AddWaveAsync("Réponse nouvelle");
        using var researcher = await app.SignInAsync(app.Researcher);
        var saved = await SaveAsync(researcher, "Ensemble: all\nLundi: day = 'LUNDI'\nCorse: region = 'Corse'");
        Assert.Equal("/audience/studies", saved.Path);
        Assert.Contains("personne n’a répondu « LUNDI »", saved.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("« Corse »", saved.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_there_are_respondents_only_the_grammar_of_a_target_counts()
    {
        using var researcher = await app.SignInAsync(app.Researcher);
        (string, string?)[] fields = [("Sent.Name", "Sans répondants"), ("Sent.Stations", "A; Radio A"), ("Sent.Bands", "0500-2400; Journée")];
        var refused = await researcher.SubmitAsync(await researcher.GetAsync("/audience/studies/new"), "study", [.. fields, ("Sent.Targets", "Jeunes: age between 13 und 24")]);
        Assert.Contains("« and » et la fin de l’intervalle", refused.ErrorOf("Sent.Targets"), StringComparison.Ordinal);
        var saved = await researcher.SubmitAsync(refused, "study", [.. fields, ("Sent.Targets", "Jeunes: age between 13 and 24 and not csp in ('A', 'B')\nAînés: age in (65..) or [classe d'âge] = '65+'")]);
        Assert.Equal("/audience/studies", saved.Path);
    }

    private async Task<Page> SaveAsync(Browser researcher, string targets)
    {
        var fields = ReadSettings.Write("", SampleStudy.Settings);
        return await researcher.SubmitAsync(
            await researcher.GetAsync($"/audience/studies/{app.Study}"), "study",
            ("Sent.Stations", fields.Stations), ("Sent.Groups", fields.Groups), ("Sent.Bands", fields.Bands), ("Sent.Targets", targets));
    }

    private Task<List<string>> VersionsAsync() =>
        app.InAudienceAsync(db => db.StudyVersions.Where(v => v.StudyId == app.Study).OrderBy(v => v.Number).Select(v => v.Settings).ToListAsync());
}
