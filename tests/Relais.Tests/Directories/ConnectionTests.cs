using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Directories;

namespace Relais.Tests.Directories;

public sealed partial class ConnectionTests(DirectoryApp app) : IClassFixture<DirectoryApp>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task People_are_read_page_by_page_beyond_what_the_directory_gives_at_once(int security)
    {
        for (var n = 0; n < 8; n++)
            await app.AddAsync($"page{security}{n}", $"Page {n}", $"page{security}{n}@institut.example");
        await app.SetUpAsync(app.Fields((DirectorySecurity)security) with { Filter = $"(uid=page{security}*)" });
        var (code, report) = await app.VerbAsync("directory check");
        Assert.Equal((0, 8, 8), (code, report.GetProperty("listed").GetInt32(), report.GetProperty("created").GetInt32()));

        await app.SetUpAsync(app.Fields((DirectorySecurity)security) with { Filter = $"(uid=page{security}*)", PageSize = 0 });
        Assert.Equal("TooMany", await TroubleAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_the_connection_is_told_apart()
    {
        await app.SetUpAsync(app.Fields() with { Password = "faux" });
        Assert.Equal("WrongPassword", await TroubleAsync());
        await app.SetUpAsync(app.Fields() with { Base = "ou=nulle part,dc=institut,dc=example" });
        Assert.Equal("BaseNotFound", await TroubleAsync());
        await app.SetUpAsync(app.Fields() with { Authority = null });
        Assert.Equal("NotTrusted", await TroubleAsync());
        await app.SetUpAsync(app.Fields() with { Host = "127.0.0.1" });
        Assert.Equal("NotTrusted", await TroubleAsync());
        await app.SetUpAsync(app.Fields() with { Port = TestProgram.FreePort() });
        Assert.Equal("NoAnswer", await TroubleAsync());
        await app.SetUpAsync(app.Fields(DirectorySecurity.StartTls) with { Security = DirectorySecurity.Ldaps });
        Assert.Equal("NoTls", await TroubleAsync());
    }

    [Fact]
    public async Task The_password_of_the_reading_account_is_kept_sealed_and_never_goes_to_another_server()
    {
        await app.SetUpAsync(app.Fields());
        var kept = await app.InDatabaseAsync(db => db.Access.Directories.AsNoTracking().SingleAsync());
        Assert.DoesNotContain(DirectoryApp.ReaderPassword, Encoding.UTF8.GetString(kept.Secret), StringComparison.Ordinal);
        await using var scope = app.Services.CreateAsyncScope();
        var edit = scope.ServiceProvider.GetRequiredService<EditDirectory>();
        var moved = await edit.SaveAsync(app.Fields() with { Host = "ailleurs.example", Password = null }, Relais.Kernel.Audit.Actor.System, CancellationToken.None);
        Assert.Equal("Password", Assert.Single(Assert.IsType<Relais.Access.Answer.Refused>(moved).Faults).Field);
        Assert.IsType<Relais.Access.Answer.Done>(await edit.SaveAsync(app.Fields() with { Password = null }, Relais.Kernel.Audit.Actor.System, CancellationToken.None));
    }

    private async Task<string?> TroubleAsync()
    {
        var (code, report) = await app.VerbAsync("directory check");
        Assert.Equal(1, code);
        return report.GetProperty("trouble").GetString();
    }
}
