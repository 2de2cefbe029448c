using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Desktops;

public sealed class WorkstationEnrolment(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task Every_bad_input_is_told_beside_its_field_and_what_was_typed_stays()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var taken = $"Poste {Guid.NewGuid():N}";
        await administrator.EnrolAsync(new { name = taken, host = "10.2.0.1" });
        (string Field, string Typed, string Words)[] bad =
        [
            ("Name", "", "À remplir"), ("Name", new string('x', 81), "80 caractères"), ("Name", "a\u202Eb", "invisibles"), ("Name", taken.ToUpperInvariant(), "déjà ce nom"),
            ("Host", "", "À remplir"), ("Host", "pas un nom", "Ni une adresse"), ("Host", "127.1", "Ni une adresse"), ("Host", "2130706433", "Ni une adresse"),
            ("Host", "0x7f000001", "Ni une adresse"), ("Host", "-a.lan", "Ni une adresse"), ("Host", "fe80::1%eth0", "Ni une adresse"), ("Host", new string('a', 254), "253 caractères"),
            ("Host", "127.0.0.1", "serveur Relais"), ("Host", "::ffff:127.0.0.1", "serveur Relais"), ("Host", "169.254.169.254", "local"),
            ("Host", "0.0.0.0", "aucune machine"), ("Host", "224.0.0.1", "machine seule"),
            ("Port", "0", "1 à 65535"), ("Port", "trois", "1 à 65535"), ("Port", "22", "Permis : 3389"),
            ("Mac", "00:11", "carte réseau"), ("Mac", "ff:ff:ff:ff:ff:ff", "carte réseau"), ("Owner", "personne.ici", "personne.ici"),
            ("Site", "a b", "lettres sans accent"), ("Site", new string('a', 41), "40 caractères"),
        ];
        var form = await administrator.GetAsync("/workstations/new");
        foreach (var (field, typed, words) in bad)
        {
            var fields = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Name"] = "Poste correct", ["Host"] = "10.2.0.9", [field] = typed };
            var page = await administrator.SubmitAsync(form, "workstation", [.. fields.Select(f => (f.Key, f.Value))]);
            Assert.True(page.ErrorOf(field)?.Contains(words, StringComparison.Ordinal), $"{field} \"{typed}\": {page.ErrorOf(field)}");
            Assert.Equal(typed, page.ValueOf(field));
        }
    }

    [Fact]
    public async Task A_workstation_is_enrolled_changed_and_removed_with_an_audit_line_each()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var name = $"<b>Poste</b> {Guid.NewGuid():N}";
        var page = await administrator.SubmitAsync(
            await administrator.GetAsync("/workstations/new"), "workstation",
            ("Name", name), ("Host", "10.2.0.12"), ("Owner", owner.UserName.ToUpperInvariant()), ("Mac", "00-1a-2b-3c-4d-5e"), ("Site", "lille"));
        Assert.EndsWith("/settings", page.Path, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Poste", page.Html, StringComparison.Ordinal);
        Assert.Equal("00:1A:2B:3C:4D:5E", page.ValueOf("Mac"));
        Assert.Equal("3389", page.ValueOf("Port"));
        Assert.Equal(owner.UserName, page.ValueOf("Owner"));
        var id = Guid.Parse(page.Path.Split('/')[2]);

        page = await administrator.SubmitAsync(page, "workstation", ("Host", "10.2.0.13"));
        Assert.Equal("10.2.0.13", page.ValueOf("Host"));
        page = await administrator.GetAsync($"/workstations?q={Uri.EscapeDataString(name)}&state=Unknown&protocol=Rdp");
        Assert.Contains("10.2.0.13:3389", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Poste", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("10.2.0.13", (await administrator.GetAsync($"/workstations?q={Uri.EscapeDataString(name)}&protocol=Ssh")).Text, StringComparison.Ordinal);

        await administrator.SubmitAsync(await administrator.GetAsync($"/workstations/{id}/settings"), "remove");
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.GetAsync($"/workstations/{id}/settings")).Status);
        var lines = await app.InDesktopsAsync(db => db.Kernel.AuditLines.Where(l => l.Subject == $"workstation:{id}").OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync());
        Assert.Equal(["workstation.enrolled", "workstation.changed", "workstation.removed"], lines);
    }

    [Fact]
    public async Task The_interface_enrols_lists_changes_and_removes_and_asks_for_the_form_token()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        using var person = await app.SignInAsync(await app.AddPersonAsync());
        var name = $"Serveur {Guid.NewGuid():N}";
        var body = new { name, host = "srv.bureau.lan", protocol = "ssh" };
        Assert.Equal(HttpStatusCode.BadRequest, (await administrator.Client.PostAsJsonAsync("/api/workstations", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await person.PostJsonAsync("/api/workstations", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await person.GetAsync("/workstations")).Status);

        var id = await administrator.EnrolAsync(body);
        var found = await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/workstations?q={name}");
        Assert.Equal(22, found.GetProperty("workstations")[0].GetProperty("port").GetInt32());
        Assert.Equal("unpinned", found.GetProperty("workstations")[0].GetProperty("pin").GetString());

        var twice = await administrator.PostJsonAsync("/api/workstations", body);
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        Assert.Contains("déjà ce nom", (await twice.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("Name")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.SendJsonAsync(HttpMethod.Put, $"/api/workstations/{id}", new { name, host = "10.2.0.8", protocol = "vnc" })).StatusCode);
        Assert.Equal("vnc", (await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/workstations/{id}")).GetProperty("protocol").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.SendJsonAsync(HttpMethod.Delete, $"/api/workstations/{id}", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.Client.GetAsync($"/api/workstations/{id}")).StatusCode);
        var description = await administrator.Client.GetStringAsync("/openapi/v1.json");
        Assert.Contains("/api/workstations/{id}/open", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_errors_tells_line_and_column_and_changes_nothing()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await UploadAsync(administrator, "nom;adresse;mac;direct\nImport A;10.3.0.1;;oui\nImport A;10.3.0.2;xx;peut-être\n;127.0.0.1;;\nB;10.3.0.3;;;trop\n");
        string[] rows = [.. page.Document.QuerySelectorAll("tbody tr").Select(r => string.Join('|', r.Children.Select(c => c.TextContent.Trim())))];
        Assert.Contains(rows, r => r.StartsWith("3|1 (Nom)|", StringComparison.Ordinal) && r.Contains("ligne 2", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.StartsWith("3|4 (Ouverture directe)|", StringComparison.Ordinal) || r.StartsWith("3|4 (", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.StartsWith("4|1 (Nom)|", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.StartsWith("4|2 (Adresse)|", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.StartsWith("5|5", StringComparison.Ordinal));
        Assert.Null(page.Document.QuerySelector("textarea[name=Content]"));
        Assert.DoesNotContain("Import A", (await administrator.GetAsync("/workstations?q=Import+A")).Document.QuerySelector("table")?.TextContent ?? "", StringComparison.Ordinal);

        page = await UploadAsync(administrator, "nom;adresse;presse-papiers;enregistrement\nC;10.3.0.4;parfois;toujours\n");
        Assert.Contains("« fermé », « ouvert », « entrée » ou « sortie »", page.Text, StringComparison.Ordinal);
        Assert.Contains("« non », « si-possible » ou « obligatoire »", page.Text, StringComparison.Ordinal);

        foreach (var (text, words) in new[] { ("", "vide"), ("nom\nx\n", "au moins"), ("nom;adresse;couleur\n", "couleur"), ("nom;adresse;nom\n", "deux fois"), ("nom;adresse\n\"x;y", "jamais fermé") })
            Assert.Contains(words, (await UploadAsync(administrator, text)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_says_its_rules_in_the_words_of_its_language()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var tag = Guid.NewGuid().ToString("N")[..8];
        var page = await UploadAsync(
            administrator, $"nom;adresse;presse-papiers;enregistrement\n{tag} a;10.5.0.1;ouvert;obligatoire\n{tag} b;10.5.0.2;Fermé;si-possible\n{tag} c;10.5.0.3;both;non\n");
        await administrator.SubmitAsync(page, "confirm", ("Content", page.Document.QuerySelector("textarea[name=Content]")!.TextContent.ReplaceLineEndings("\r\n")));
        var found = await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/workstations?q={tag}");
        Assert.Equal(
            ["both mandatory", "none ifpossible", "both off"],
            found.GetProperty("workstations").EnumerateArray().Select(w => $"{w.GetProperty("clipboard").GetString()} {w.GetProperty("recording").GetString()}"));
    }

    [Fact]
    public async Task The_form_offers_groups_in_the_order_of_the_language()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        foreach (var name in new[] { "Informatique", "Études", "Accueil" })
            await administrator.PostJsonAsync("/api/access/groups", new { name });
        var page = await administrator.GetAsync("/workstations/new");
        string[] shown = [.. page.Document.QuerySelectorAll("label:has(> input[name=Groups])").Select(l => l.TextContent.Trim())];
        Assert.Equal(["Accueil", "Études", "Informatique"], shown.Where(n => n is "Accueil" or "Études" or "Informatique"));
    }

    [Fact]
    public async Task A_file_shows_exactly_what_it_will_do_and_does_that_or_nothing()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var tag = Guid.NewGuid().ToString("N")[..8];
        var old = await administrator.EnrolAsync(new { name = $"{tag} ancien", host = "10.4.0.1", mac = "00:1A:2B:3C:4D:5E" });
        await administrator.EnrolAsync(new { name = $"{tag} pareil", host = "10.4.0.3" });
        var page = await UploadAsync(administrator, $"Name,Address\r\n{tag} ancien,10.4.0.9\r\n\"{tag} <i>neuf</i>\",10.4.0.2\r\n{tag} pareil,10.4.0.3\r\n");
        Assert.Contains("1 à inscrire, 1 à modifier, 1 sans changement", page.Text, StringComparison.Ordinal);
        Assert.Contains("Adresse : 10.4.0.1 → 10.4.0.9", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>neuf", page.Html, StringComparison.Ordinal);
        var content = page.Document.QuerySelector("textarea[name=Content]")!.TextContent.ReplaceLineEndings("\r\n");

        // Somebody else changes what the preview showed.
        await administrator.SendJsonAsync(HttpMethod.Put, $"/api/workstations/{old}", new { name = $"{tag} ancien", host = "10.4.0.7", mac = "00:1A:2B:3C:4D:5E" });
        page = await administrator.SubmitAsync(page, "confirm", ("Content", content));
        Assert.Contains("rien n’a été fait", page.Text, StringComparison.Ordinal);
        Assert.Contains("10.4.0.7 → 10.4.0.9", page.Text, StringComparison.Ordinal);

        page = await administrator.SubmitAsync(page, "confirm", ("Content", content));
        Assert.Equal("/workstations", page.Path);
        var found = await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/workstations?q={tag}");
        Assert.Equal(3, found.GetProperty("total").GetInt32());
        var changed = found.GetProperty("workstations").EnumerateArray().Single(w => w.GetProperty("id").GetGuid() == old);
        Assert.Equal(("10.4.0.9", "00:1A:2B:3C:4D:5E"), (changed.GetProperty("host").GetString(), changed.GetProperty("mac").GetString()));
    }

    private static Task<Page> UploadAsync(Browser browser, string text) => browser.UploadAsync("/workstations/import", "postes.csv", text);
}
