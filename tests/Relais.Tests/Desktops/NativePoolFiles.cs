using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Tests.Desktops;

/// <summary>A pool in a native client: listed for who may use it, opened by a file or by the client itself, and not where the name must stand over the picture.</summary>
public sealed class NativePoolFiles(NativePoolFiles.App app) : IClassFixture<NativePoolFiles.App>
{
    [Fact]
    public async Task A_file_opens_the_pool_s_desktop_for_its_people_alone_and_none_where_the_name_must_stand_over_it()
    {
        app.Define(watermark: "off");
        var (pool, people) = await app.AddPoolAsync(1, PoolFields.New with { Most = "3" });
        var (person, browser) = (people[0], await app.SignInAsync(people[0]));
        var stranger = await app.AddPersonAsync(Roles.Interviewer);
        Assert.Empty(await ListAsync(stranger));
        using (var refused = await (await app.SignInAsync(stranger)).PostJsonAsync($"/api/desktops/pools/{pool}/rdp", new { }))
            Assert.Contains("urn:relais:pool-missing", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var listed = Assert.Single(await ListAsync(person));
        Assert.Equal(("pool", pool), (listed.Kind, listed.Id));

        // Asked for, and on its way.
        using (var waits = await browser.PostJsonAsync($"/api/desktops/pools/{pool}/rdp", new { }))
            Assert.Equal(HttpStatusCode.Accepted, waits.StatusCode);
        Assert.IsType<NativeOpening.Busy>(await OpenAsync(person, pool, inspected: true));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var member = Assert.Single(await app.MembersAsync(pool));
        await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.Where(d => d.Id == member.Id).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.State, DesktopState.Running).SetProperty(d => d.Address, listener.LocalEndpoint.ToString()).SetProperty(d => d.CertificateSha256, new byte[32])));

        using (var file = await browser.PostJsonAsync($"/api/desktops/pools/{pool}/rdp", new { }))
        {
            Assert.Equal((HttpStatusCode.OK, NativeFile.MediaType), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
            Assert.Equal("bureau-commun.rdp", file.Content.Headers.ContentDisposition?.FileName);
            Assert.Equal("no-store", file.Headers.CacheControl?.ToString());
            var text = Encoding.Unicode.GetString(await file.Content.ReadAsByteArrayAsync());
            Assert.Contains($"gatewayhostname:s:localhost:{app.Address.Port}", text, StringComparison.Ordinal);
            Assert.Contains("signature:s:", text, StringComparison.Ordinal);
        }

        // The client by itself gets the same one, and never one that it would have to sign in to.
        Assert.IsType<NativeOpening.Ready>(await OpenAsync(person, pool, inspected: true));
        Assert.Equal("pool-missing", Assert.IsType<NativeOpening.Refused>(await OpenAsync(person, pool, inspected: false)).Why);
        Assert.Equal(member.Id, Assert.Single(await app.MembersAsync(pool)).Id);

        app.Define(watermark: "on");
        var (named, others) = await app.AddPoolAsync(1, PoolFields.New with { Most = "3" });
        Assert.Empty(await ListAsync(others[0]));
        using (var refused = await (await app.SignInAsync(others[0])).PostJsonAsync($"/api/desktops/pools/{named}/rdp", new { }))
            Assert.Contains("urn:relais:watermark-native", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("watermark-native", Assert.IsType<NativeOpening.Refused>(await OpenAsync(others[0], named, inspected: true)).Why);
        Assert.Empty(await app.MembersAsync(named));
    }

    private Task<IReadOnlyList<NativeResource>> ListAsync(TestPerson person) => OnAsync(person, (pools, caller) => pools.ListAsync(caller, CancellationToken.None));

    private Task<NativeOpening> OpenAsync(TestPerson person, Guid pool, bool inspected) =>
        OnAsync(person, (pools, caller) => pools.OpenAsync(caller, pool, inspected, resume: null, CancellationToken.None));

    private Task<T> OnAsync<T>(TestPerson person, Func<INativeTargets, NativeCaller, Task<T>> ask) => app.InAsync(async services =>
    {
        var card = await services.GetRequiredService<People>().FindAsync(new PersonId(person.Id), CancellationToken.None);
        var signIn = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Id).FirstOrDefaultAsync());
        var caller = new NativeCaller(card!, new SignInId(signIn), Actor.System, IPAddress.Loopback);
        return await ask(services.GetServices<INativeTargets>().Single(t => t.Kind == "pool"), caller);
    });

    /// <summary>A server that has an engine's description, and nobody who would drive the engine.</summary>
    public sealed class App : FleetApp
    {
        private readonly string _bundles = Path.Combine(Path.GetTempPath(), $"relais-bundles-{Guid.NewGuid():N}");
        private readonly string _shipped;

        public App()
        {
            _shipped = Path.Combine(Settings["Desktops:Bundles"], PoolApp.Bundle, "bundle.json");
            Directory.CreateDirectory(Path.Combine(_bundles, PoolApp.Bundle));
            Define("off");
            Settings["Desktops:Bundles"] = _bundles;
            var engine = Path.Combine(_bundles, "engine.json");
            File.WriteAllText(engine, """{"socket":"/nowhere","bridge":"none","subnet":"10.91.16.0/22","pool":"none"}""");
            Settings["Desktops:Engine"] = engine;
        }

        public void Define(string watermark)
        {
            var bundle = JsonNode.Parse(File.ReadAllText(_shipped))!;
            bundle["watermark"] = watermark;
            File.WriteAllText(Path.Combine(_bundles, PoolApp.Bundle, "bundle.json"), bundle.ToJsonString());
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_bundles, recursive: true);
        }

        protected override void Adjust(WebApplicationBuilder builder)
        {
            base.Adjust(builder);
            var driving = builder.Services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(DesktopsModule).Assembly).ToList();
            driving.ForEach(service => builder.Services.Remove(service));
        }
    }
}
