using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Kernel.Audit;

namespace Relais.Tests.Desktops;

/// <summary>A server without an engine: rows are changed as they are anywhere, and the test is the one who drives.</summary>
public class FleetApp : RelaisApp
{
    public FleetApp()
    {
        Settings["Desktops:Bundles"] = Path.Combine(Repository(), "bundles");
        // A test looks itself, when it says so.
        Settings["Desktops:Pools:RightsEvery"] = "01:00:00";
    }

    /// <summary>A desktop of somebody new, at rest, made from a version of the standard bundle.</summary>
    internal async Task<Guid> AddDesktopAsync(Action<Desktop>? change = null)
    {
        var person = await this.AddPersonAsync(Roles.Staff);
        return await InAsync(async services =>
        {
            var desktop = await services.GetRequiredService<MyDesktop>().FindOrAllocateAsync(new PersonId(person.Id), Actor.System, CancellationToken.None);
            desktop.Succeed(DesktopState.Stopped, Clock.GetUtcNow());
            change?.Invoke(desktop);
            await services.GetRequiredService<DesktopsDb>().SaveChangesAsync();
            return desktop.Id;
        });
    }

    internal Task<Desktop> DesktopAsync(Guid id) => InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.AsNoTracking().SingleAsync(d => d.Id == id));

    /// <summary>A look of the server that leads: jobs are taken on and followed.</summary>
    internal Task<bool> WorkAsync() => InAsync(services => services.GetRequiredService<WorkJobs>().HandleAsync(CancellationToken.None));

    /// <summary>A look at what time asks for.</summary>
    internal Task TendAsync() => InAsync(async services =>
    {
        await services.GetRequiredService<TendFleet>().HandleAsync(CancellationToken.None);
        return true;
    });

    /// <summary>What the reconciler does to a row once the engine has followed.</summary>
    internal Task ReachAsync(Guid id, DesktopState state) => InAsync(async services =>
    {
        var db = services.GetRequiredService<DesktopsDb>();
        (await db.Desktops.SingleAsync(d => d.Id == id)).Succeed(state, Clock.GetUtcNow());
        return await db.SaveChangesAsync();
    });

    /// <summary>Notes an image as if it had been built.</summary>
    internal Task<string> BuiltAsync(string bundle, string hash)
    {
        var folder = Path.Combine(DataFolder, $"{bundle}-{hash}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "rootfs.squashfs"), new string('x', 3 << 20));
        return InAsync(services => services.GetRequiredService<BundleImages>().AddAsync(bundle, folder, asTarget: false, CancellationToken.None));
    }

    internal async Task<T> InAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}

internal static class Fleet
{
    /// <summary>Asks for an action through the interface; gives the job.</summary>
    public static async Task<Guid> AskAsync(this Browser administrator, object request)
    {
        using var answer = await administrator.PostJsonAsync("/api/desktops/jobs", request);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.ToString());
        return body.GetProperty("job").GetGuid();
    }

    public static Task<JsonElement> JobAsync(this Browser administrator, Guid job) => administrator.Client.GetFromJsonAsync<JsonElement>($"/api/desktops/jobs/{job}");
}
