using Relais.Access.Contracts;

namespace Relais.Tests.Access;

public sealed class GroupTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task A_group_is_added_renamed_and_deleted_and_bad_names_are_told()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", "Lille"));
        Assert.Contains("Lille", page.Text, StringComparison.Ordinal);

        foreach (var (name, words) in new[] { ("", "À remplir"), (" LILLE ", "déjà ce nom"), ("ｌｉｌｌｅ", "déjà ce nom"), (new string('x', 81), "80 caractères"), ("a\u0007b", "invisibles") })
        {
            page = await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", name));
            Assert.Contains(words, page.ErrorOf("Name"), StringComparison.Ordinal);
            Assert.Equal(name, page.ValueOf("Name"));
        }

        page = await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", "<b>Rennes</b>"));
        Assert.DoesNotContain("<b>Rennes", page.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Rennes", page.Html, StringComparison.Ordinal);

        var rename = page.Document.QuerySelectorAll("input[name=_handler]").Select(i => i.GetAttribute("value")!).First(v => v.StartsWith("rename-", StringComparison.Ordinal));
        page = await administrator.SubmitAsync(page, rename, ("Name", "Lille"));
        Assert.Contains("déjà ce nom", page.Text, StringComparison.Ordinal);
        page = await administrator.SubmitAsync(page, rename, ("Name", "Toulouse"));
        Assert.Contains("Toulouse", page.Html, StringComparison.Ordinal);

        using (var other = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator)))
        {
            var stale = await other.GetAsync("/groups");
            await administrator.SubmitAsync(page, rename.Replace("rename", "delete", StringComparison.Ordinal));
            stale = await other.SubmitAsync(stale, rename, ("Name", "Trop tard"));
            Assert.Contains("n’existe plus", stale.Text, StringComparison.Ordinal);
        }

        page = await administrator.GetAsync("/groups");
        Assert.DoesNotContain("Toulouse", page.Html, StringComparison.Ordinal);
    }
}
