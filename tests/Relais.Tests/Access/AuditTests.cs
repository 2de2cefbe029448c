using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.Trail;
using Relais.Kernel.Audit;

namespace Relais.Tests.Access;

public sealed class AuditTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task What_an_administrator_does_is_on_the_page_with_who_and_to_whom_and_can_be_exported()
    {
        var (boss, person) = (await app.AddPersonAsync(Roles.Administrator), await app.AddPersonAsync());
        using var administrator = await app.SignInAsync(boss);
        await administrator.SubmitAsync(await administrator.GetAsync($"/people/{person.Id}"), $"/people/{person.Id}/disable");

        var day = $"{app.Clock.GetUtcNow():yyyy-MM-dd}";
        foreach (var filter in new[] { "", $"?person={boss.UserName}", "?action=person.disabled", $"?subject={person.UserName}", $"?from={day}&to={app.Clock.GetUtcNow().AddDays(1):yyyy-MM-dd}" })
        {
            var row = (await administrator.GetAsync($"/audit{filter}")).Document.QuerySelectorAll("tbody tr").Select(r => r.TextContent).First(r => r.Contains("Compte désactivé", StringComparison.Ordinal));
            Assert.Contains(boss.UserName, row, StringComparison.Ordinal);
            Assert.Contains(person.UserName, row, StringComparison.Ordinal);
            Assert.Contains("127.0.0.1", row, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Compte désactivé", (await administrator.GetAsync("/audit?from=2001-01-01&to=2001-12-31")).Document.QuerySelector(".table-frame")!.TextContent, StringComparison.Ordinal);
        var csv = await administrator.Client.GetStringAsync("/audit/export.csv?action=person.disabled");
        Assert.Contains($"person:{person.Id}", csv, StringComparison.Ordinal);
        Assert.StartsWith("seq;at;actor", csv.TrimStart('\uFEFF'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(1)", "\"'=HYPERLINK(1)\"")]
    [InlineData("dit \"oui\"", "\"dit \"\"oui\"\"\"")]
    [InlineData("", "\"\"")]
    public void A_spreadsheet_runs_nothing_of_an_export(string text, string cell) => Assert.Equal(cell, ExportTrail.Cell(text));

    [Theory]
    [InlineData("fr", "En service : oui → non, Propriétaire : rien → ", "Adresse : 10.0.0.8 → 10.0.0.9", "Jusqu’au : 3 mars 2026, 10:30", "Envoyé (octets) : 12", "inventé : autre chose")]
    [InlineData("en", "In service: yes → no, Owner: nothing → ", "Address: 10.0.0.8 → 10.0.0.9", "Until: 3 Mar 2026, 10:30", "Sent (bytes): 12,345", "inventé: autre chose")]
    public async Task What_a_line_says_besides_is_in_the_readers_words_and_names_people(
        string language, string fields, string address, string until, string bytes, string unknown)
    {
        var person = await app.AddPersonAsync();
        var subject = Guid.NewGuid().ToString();
        await app.InDatabaseAsync(async db =>
        {
            var changed = new { Enabled = Was("True", "False"), Owner = Was("", $"{person.Id}"), Host = Was("10.0.0.8", "10.0.0.9") };
            db.Kernel.Audit(app.Clock, Actor.System, "workstation.changed", subject, subject, new { changed });
            db.Kernel.Audit(
                app.Clock, Actor.System, "session.closed", subject, subject,
                new { end = "Moved", up = 12_345, person = person.Id, until = new DateTimeOffset(2026, 3, 3, 9, 30, 0, TimeSpan.Zero), inventé = "autre chose", none = (string?)null });
            return await db.Kernel.SaveChangesAsync();
        });
        var boss = await app.AddPersonAsync(Roles.Administrator);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == boss.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        using var administrator = await app.SignInAsync(boss);
        var table = (await administrator.GetAsync($"/audit?subject={subject}")).Document.QuerySelector("tbody")!.TextContent;

        foreach (var words in new[] { $"{fields}Personne {person.UserName}", address, until, bytes, unknown, language == "fr" ? "Fin : passée sur un autre appareil" : "End: moved to another device" })
            Assert.Contains(words, table, StringComparison.Ordinal);
        Assert.DoesNotContain("none", table, StringComparison.Ordinal);
        Assert.DoesNotContain($"{person.Id}", table, StringComparison.Ordinal);

        static object Was(string before, string after) => new { before, after };
    }

    [Fact]
    public async Task A_change_that_is_refused_leaves_no_line_and_a_line_comes_with_every_change()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", "Une seule ligne"));
        await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", "une SEULE ligne"));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "group.created" && EF.Functions.ILike(l.SubjectName, "une seule ligne"))));

        // The line cannot be written: neither is the change.
        await app.InDatabaseAsync(db => db.Kernel.Database.ExecuteSqlRawAsync("ALTER TABLE kernel.audit_line ADD CONSTRAINT no_more CHECK (subject_name <> 'Sans trace')"));
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", "Sans trace"));
        Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
        Assert.False(await app.InDatabaseAsync(db => db.Access.Groups.AnyAsync(g => g.Name == "Sans trace")));
    }

    [Fact]
    public async Task A_line_that_is_changed_by_hand_is_found()
    {
        await using var own = new RelaisApp();
        await own.InitializeAsync();
        using (await own.SignInAsync(await own.AddPersonAsync(Roles.Administrator)))
        using (await own.SignInAsync(await own.AddPersonAsync()))
        {
            Assert.IsType<ChainCheck.Whole>(await VerifyAsync(own));
            await Assert.ThrowsAnyAsync<Exception>(() => ByHandAsync(own, "UPDATE kernel.audit_line SET actor_name = 'un autre' WHERE seq = 1"));
            await ByHandAsync(own, "ALTER TABLE kernel.audit_line DISABLE TRIGGER audit_refuse; UPDATE kernel.audit_line SET actor_name = 'un autre' WHERE seq = 1");
            Assert.Equal(new ChainCheck.Broken(1, ChainFault.Altered), await VerifyAsync(own));
        }
    }

    private static Task<int> ByHandAsync(RelaisApp app, string sql) => app.InDatabaseAsync(db => db.Kernel.Database.ExecuteSqlRawAsync(sql));

    private static Task<ChainCheck> VerifyAsync(RelaisApp app) => app.InDatabaseAsync(db => AuditChain.VerifyAsync(db.Kernel, CancellationToken.None));
}
