using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Directories;
using Relais.Access.Invitations;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Tests.Directories;

public sealed partial class ConnectionTests
{
    private const string Theirs = "sésame de l’annuaire";
    private static int _names;

    private readonly string _name = $"d{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}x";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_is_of_the_directory_signs_in_with_its_password_and_with_no_other(int security)
    {
        var person = await PersonAsync((DirectorySecurity)security);
        var other = await app.AddPersonAsync();
        var own = await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == other.Id).Select(p => p.PasswordHash).SingleAsync());
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.PasswordHash, own)));
        using var browser = app.OpenBrowser();
        Assert.Contains("incorrect", (await SendAsync(browser, TestPeople.Password)).Alert, StringComparison.Ordinal);
        Assert.Equal("/", (await SendAsync(browser, Theirs)).Path);
        Assert.Equal(SignInMethod.Directory, await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Method).SingleAsync()));
        Assert.True(await app.InDatabaseAsync(db => db.Access.Set<AuditLine>().AnyAsync(l => l.Action == "sign-in.refused" && l.Subject == Subject.Of(person))));

        // Those whom the directory does not know keep what they have, and what it has opens nobody else.
        using var local = await app.SignInAsync(other);
        using var again = app.OpenBrowser();
        Assert.Contains("incorrect", (await SendAsync(again, Theirs, other.UserName)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_factor_is_asked_after_the_directorys_password_and_it_proves_again_who_one_is()
    {
        var person = await PersonAsync();
        var secret = new byte[Totp.SecretLengthBytes];
        var seal = app.Services.GetRequiredService<TotpSecrets>().Seal(secret);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.TotpSecret, seal)));
        using var browser = app.OpenBrowser();
        var asked = await SendAsync(browser, Theirs);
        Assert.Equal("/sign-in/second-factor", asked.Path);
        await browser.SubmitAsync(asked, ("Code", app.NextCode(new TestPerson(person.Id, _name, Theirs, secret))));
        Assert.Equal(SignInMethod.DirectoryAndCode, await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Method).SingleAsync()));

        app.Clock.Advance(TimeSpan.FromHours(1));
        var proof = await browser.GetAsync("/account/authenticator");
        Assert.Equal("/account/confirm", proof.Path);
        Assert.Contains("pas votre mot de passe", (await browser.SubmitAsync(proof, ("Password", "faux"))).ErrorOf("Password"), StringComparison.Ordinal);
        Assert.Equal("/account/authenticator", (await browser.SubmitAsync(proof, ("Password", Theirs))).Path);
    }

    [Fact]
    public async Task An_empty_password_never_reaches_the_directory()
    {
        var person = await PersonAsync();
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Equal(DirectoryPasswordAnswer.Wrong, await scope.ServiceProvider.GetRequiredService<DirectoryPasswords>().CheckAsync(person.Id, _name, "", CancellationToken.None));
        var fields = app.Fields();
        await using var connection = await LdapConnection.OpenAsync(fields.Host!, fields.Port!.Value, fields.Security, fields.Authority, app.Clock, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<DirectoryException>(() => connection.BindAsync($"uid={_name},{DirectoryApp.People}", "", CancellationToken.None));
        // In our own words, not with a code of the directory's.
        Assert.Equal((DirectoryTrouble.WrongPassword, ""), (refused.Trouble, refused.Message));
    }

    [Fact]
    public async Task While_the_directory_is_away_people_are_told_so_and_no_attempt_counts()
    {
        var person = await PersonAsync();
        using var browser = app.OpenBrowser();
        await app.StopDirectoryAsync();
        try
        {
            for (var n = 0; n <= SignInThrottle.FreeFailures; n++)
                Assert.Contains("ne répond pas", (await SendAsync(browser, Theirs)).Alert, StringComparison.Ordinal);
        }
        finally
        {
            await app.StartDirectoryAsync();
        }

        Assert.False(await app.InDatabaseAsync(db => db.Access.Set<AuditLine>().AnyAsync(l => l.Action == "sign-in.refused" && l.Subject == Subject.Of(person))));

        // A wrong password of ours is no wrong password of theirs.
        await app.SetUpAsync(Fields() with { Password = "faux" });
        Assert.Contains("ne répond pas", (await SendAsync(browser, Theirs)).Alert, StringComparison.Ordinal);
        await app.SetUpAsync(Fields());
        for (var n = 0; n < SignInThrottle.FreeFailures; n++)
            Assert.Contains("incorrect", (await SendAsync(browser, "faux")).Alert, StringComparison.Ordinal);
        Assert.Contains("Trop d’essais", (await SendAsync(browser, Theirs)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_moved_still_gets_in_and_who_was_disabled_there_does_not()
    {
        var person = await PersonAsync();
        await app.ChangeAsync($"dn: uid={_name},{DirectoryApp.People}\nchangetype: modrdn\nnewrdn: cn=Prénom {_name}\ndeleteoldrdn: 0\n");
        using var browser = app.OpenBrowser();
        Assert.Equal("/", (await SendAsync(browser, Theirs)).Path);

        // Before the next reading of the whole directory.
        await app.ChangeAsync($"dn: cn=Prénom {_name},{DirectoryApp.People}\nchangetype: modify\nreplace: employeeType\nemployeeType: parti\n");
        using var later = app.OpenBrowser();
        Assert.Contains("désactivé", (await SendAsync(later, Theirs)).Alert, StringComparison.Ordinal);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Access.SignIns.CountAsync(s => s.PersonId == person.Id)));
    }

    [Fact]
    public async Task Changing_and_forgetting_the_password_point_to_the_directory()
    {
        var person = await PersonAsync();
        using var browser = app.OpenBrowser();
        Assert.Contains("auprès de l’assistance", (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        await SendAsync(browser, Theirs);
        Assert.Contains("celui de l’annuaire", (await browser.GetAsync("/account/password")).Text, StringComparison.Ordinal);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Contains("celui de l’annuaire", (await administrator.GetAsync($"/people/{person.Id}")).Text, StringComparison.Ordinal);

        await using var scope = app.Services.CreateAsyncScope();
        var refused = Assert.IsType<Answer.Refused>(await scope.ServiceProvider.GetRequiredService<ResetPassword>().HandleAsync(person.Id, Actor.System, CancellationToken.None));
        Assert.Equal("password-of-directory", refused.Faults[0].Code);
        var invited = await scope.ServiceProvider.GetRequiredService<InvitePeople>().HandleAsync([person.Id], InvitationWay.Sheet, "https://relais.example", Actor.System, CancellationToken.None);
        Assert.Equal((0, 1), (invited.Invited, invited.HavePassword));
        Assert.Equal(WayIn.Open, (await app.Services.GetRequiredService<WaysIn>().OfAsync([new PersonId(person.Id)], CancellationToken.None)).Values.Single());
    }

    private DirectoryFields Fields(DirectorySecurity security = DirectorySecurity.Ldaps) =>
        app.Fields(security) with { Filter = $"(uid={_name}*)", SignsIn = true, MostDisabledPercent = 100 };

    // In the directory with a password, and here by synchronisation alone.
    private async Task<Person> PersonAsync(DirectorySecurity security = DirectorySecurity.Ldaps)
    {
        await app.InDatabaseAsync(db => db.Access.DirectoryLinks.ExecuteDeleteAsync());
        await app.AddAsync(_name, $"Prénom {_name}", $"{_name}@institut.example", $"userPassword: {Theirs}");
        await app.SetUpAsync(Fields(security));
        var (code, report) = await app.VerbAsync("directory sync");
        Assert.True(code == 0, report.ToString());
        return await app.InDatabaseAsync(db => db.Access.People.AsNoTracking().SingleAsync(p => p.UserName == _name));
    }

    private async Task<Page> SendAsync(Browser browser, string password, string? name = null) =>
        await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", name ?? _name), ("Password", password));
}
