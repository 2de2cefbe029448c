using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Tests.Gateway;

/// <summary>The real server, asked for tokens as another module asks.</summary>
public sealed class NativeApp : RelaisApp
{
    public NativeApp()
    {
        Settings["Gateway:NativeStrangersPerAddress"] = "6";
        Settings["Gateway:NativeRefusalsPerMinute"] = "5";
    }

    /// <summary>A person with a sign-in of their own.</summary>
    public async Task<(TestPerson Person, SignInId SignIn)> SignedInAsync()
    {
        var person = await this.AddPersonAsync(Roles.Staff);
        await this.SignInAsync(person);
        var signIn = await this.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        return (person, new SignInId(signIn));
    }

    /// <summary>A token for a target that the gateway signs in to; with no pin, one that the person signs in to.</summary>
    public async Task<SessionGrant> GrantAsync(
        TestPerson person, SignInId signIn, IPEndPoint address, byte[]? pin, GrantDoor door = GrantDoor.Native, string name = "poste-7",
        RecordingPolicy recording = RecordingPolicy.Off)
    {
        await using var scope = Services.CreateAsyncScope();
        var target = Target(address, pin, name) with { Recording = recording };
        var request = new GrantRequest(new PersonId(person.Id), signIn, target, ClipboardPolicy.None, 0x40C, TakeOver: true, Resume: null, door);
        var result = await scope.ServiceProvider.GetRequiredService<SessionDoor>().GrantAsync(request, Actor.System, CancellationToken.None);
        return Assert.IsType<GrantResult.Granted>(result).Grant;
    }

    public async Task<SessionGrant> GrantAsync(IPEndPoint address, byte[]? pin, GrantDoor door = GrantDoor.Native)
    {
        var (person, signIn) = await SignedInAsync();
        return await GrantAsync(person, signIn, address, pin, door);
    }

    public static SessionTarget Target(IPEndPoint address, byte[]? pin, string name) =>
        new(pin is null ? "workstation" : "desktop", Guid.NewGuid(), name, address, pin is null ? "" : "bureau", pin is null ? "" : "secret", pin ?? []);

    internal async Task<T> InGatewayAsync<T>(Func<GatewayDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDb>());
    }

    internal Task<Session> SessionAsync(SessionId id) => InGatewayAsync(db => db.Sessions.AsNoTracking().SingleAsync(s => s.Id == id.Value));

    /// <summary>How many lines of the audit trail have this action, from this address.</summary>
    public Task<int> AuditedAsync(string action, string from) =>
        this.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == action && l.Address == from));

    /// <summary>Lets the watch look until this holds, for a bounded time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, int seconds = 15)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
            await pause.WaitForNextTickAsync(late.Token);
    }
}
