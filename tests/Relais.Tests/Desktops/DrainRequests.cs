using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Members;
using Relais.Desktops.Pools;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

/// <summary>Who asks for a machine to be emptied, on a server whose engine does not answer.</summary>
public sealed class DrainRequests(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task Nothing_is_noted_while_nobody_can_say_which_machines_there_are()
    {
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        using (var answer = await administrator.PostJsonAsync("/api/desktops/members/m2/drain", new { now = true }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("urn:relais:no-engine", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        }

        Assert.False(await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Drains.AnyAsync(d => d.Member == "m2")));
        await using var said = new StringWriter();
        Assert.Equal(1, await DrainsApi.DrainVerb.Run(new VerbCall(app.Services, ["m2"], TextWriter.Null, said), CancellationToken.None));
        Assert.NotEmpty(said.ToString());
        Assert.Equal(2, await DrainsApi.DrainVerb.Run(new VerbCall(app.Services, ["m2", "--later"], TextWriter.Null, TextWriter.Null), CancellationToken.None));

        using var refused = await (await app.SignInAsync(await app.AddPersonAsync(Roles.Staff))).PostJsonAsync("/api/desktops/members/m2/drain", new { now = false });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_drain_is_taken_back_with_what_it_gave_up_and_leaves_what_is_on_its_way()
    {
        var (going, stayed) = (await app.AddDesktopAsync(), await app.AddDesktopAsync());
        await app.InAsync(async services =>
        {
            var db = services.GetRequiredService<DesktopsDb>();
            var now = app.Clock.GetUtcNow();
            db.Drains.Add(new MemberDrain { Member = "m3", AskedAt = now, ActorName = "x" });
            db.Moves.Add(new DesktopMove { DesktopId = going, Id = Guid.NewGuid(), From = "m3", To = "m1", AskedAt = now });
            db.Moves.Add(new DesktopMove { DesktopId = stayed, Id = Guid.NewGuid(), From = "m3", To = "m1", AskedAt = now, GivenUpAt = now });
            return await db.SaveChangesAsync();
        });
        Assert.Equal(DrainChanged.Noted, await UndrainAsync());
        Assert.Equal(DrainChanged.NotDrained, await UndrainAsync());
        await app.InAsync(async services =>
        {
            var moves = services.GetRequiredService<MoveDesktop>();
            Assert.NotNull(await moves.FindAsync(going, CancellationToken.None));
            Assert.Null(await moves.FindAsync(stayed, CancellationToken.None));
            return true;
        });

        Task<DrainChanged> UndrainAsync() =>
            app.InAsync(services => services.GetRequiredService<ChangeDrains>().UndrainAsync("m3", Actor.System, CancellationToken.None));
    }

    [Fact]
    public async Task The_list_says_in_words_which_desktops_are_on_a_machine_that_does_not_answer()
    {
        var desktop = await app.AddDesktopAsync(d => d.Fail(MemberAwayException.Fault, "machine m3 does not answer", app.Clock.GetUtcNow()));
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = WebUtility.HtmlDecode(await administrator.Client.GetStringAsync("/desktops?state=fault"));
        Assert.Contains($"/desktops/{desktop}", page, StringComparison.Ordinal);
        Assert.Contains("La machine qui porte ce bureau ne répond pas.", page, StringComparison.Ordinal);
        Assert.Contains("machine m3 does not answer", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spare_on_a_machine_that_does_not_answer_serves_nobody()
    {
        var now = app.Clock.GetUtcNow();
        var pool = new Pool { Id = Guid.NewGuid(), Name = "p", NormalizedName = "P", Bundle = "bureau-standard", CreatedAt = now };
        var spare = Desktop.OfPool(pool.Id, Guid.Empty, null, pool.Bundle, 0, "", now);
        Assert.True(PoolRules.Serves(pool, null, spare));
        spare.Fail(MemberAwayException.Fault, "m3", now);
        Assert.False(PoolRules.Serves(pool, null, spare));
    }

    [Fact]
    public void A_pools_desktop_whose_machine_is_away_is_over_when_nobody_is_on_it_and_nothing_is_kept()
    {
        var now = app.Clock.GetUtcNow();
        Assert.True(IsOver(home: null, UseEnd.Cut));
        Assert.True(IsOver(home: null, null));
        // It may go on without its machine's daemon.
        Assert.False(IsOver(home: null, UseEnd.Open));
        Assert.False(IsOver(Guid.NewGuid(), UseEnd.Cut));

        bool IsOver(Guid? home, UseEnd? end)
        {
            var claimed = Desktop.OfPool(Guid.NewGuid(), Guid.NewGuid(), home, "bureau-standard", 0, "", now);
            claimed.Fail(MemberAwayException.Fault, "m3", now);
            return PoolRules.IsOver(claimed, end is { } how ? new LastUse(claimed.Id, now, how) : null, new PoolOptions(), now);
        }
    }
}
