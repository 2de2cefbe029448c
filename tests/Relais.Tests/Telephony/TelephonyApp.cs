using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Telephony;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Trunks;

namespace Relais.Tests.Telephony;

/// <summary>A server with a SIP port of its own on loopback; each test brings its operators (SIPp) and the trunks to them.</summary>
public class TelephonyApp : RelaisApp
{
    private int _trunks;

    public TelephonyApp()
    {
        // The same port after a restart, as in life.
        Settings["Telephony:Port"] = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        Settings["Telephony:Node"] = "test";
    }

    public TestPerson Administrator { get; private set; } = null!;

    public int SipPort => int.Parse(Settings["Telephony:Port"], CultureInfo.InvariantCulture);

    internal TrunkLines Lines => Services.GetRequiredService<TrunkLines>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Administrator = await this.AddPersonAsync(Roles.Administrator);
    }

    /// <summary>A trunk that is ready, to an operator at this port; those of tests before are turned off.</summary>
    internal async Task<Guid> AddTrunkAsync(int port, Func<TrunkFields, TrunkFields>? change = null, bool alone = true, bool ready = true)
    {
        if (alone)
        {
            await InTelephonyAsync(db => db.Trunks.ExecuteUpdateAsync(set => set.SetProperty(t => t.Enabled, false)));
            await Lines.FollowAsync(CancellationToken.None);
        }

        var number = Interlocked.Increment(ref _trunks);
        var fields = TrunkFields.New with
        {
            Name = $"Ligne {number}", Host = "127.0.0.1", Port = port.ToString(CultureInfo.InvariantCulture), Caller = "01 99 00 00 00", CallerName = "Institut",
            Order = number.ToString(CultureInfo.InvariantCulture), CallsPerSecond = "100",
        };
        var result = await DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(change is null ? fields : change(fields), Actor.System, CancellationToken.None));
        var id = Assert.IsType<TrunkResult.Saved>(result).Id;
        if (ready)
            await TrunkAsync(id, trunk => trunk.Usable && trunk.Reach is TrunkReach.Answers);
        return id;
    }

    /// <summary>Waits until a trunk is like this.</summary>
    internal Task<Trunk> TrunkAsync(Guid id, Func<Trunk, bool> like) => UntilAsync(() => InTelephonyAsync(db => db.Trunks.AsNoTracking().SingleAsync(t => t.Id == id)), like);

    /// <summary>Waits until a call is like this.</summary>
    internal Task<Call> CallAsync(Guid id, Func<Call, bool> like) => UntilAsync(() => InTelephonyAsync(db => db.Calls.AsNoTracking().SingleAsync(c => c.Id == id)), like);

    internal Task<Call> EndedAsync(Guid id) => CallAsync(id, call => call.State is CallState.Ended);

    internal Task<Call> AnsweredAsync(Guid id) => CallAsync(id, call => call.State is CallState.Answered);

    internal Task<T> InTelephonyAsync<T>(Func<TelephonyDb, Task<T>> work) => DoAsync<TelephonyDb, T>(work);

    internal async Task<TResult> DoAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Waits until so many packets of the callee's have come.</summary>
    internal Task HeardAsync(Guid call, int packets) => UntilTrueAsync(() => Lines.QualityOf(call) is { } quality && quality.Received >= packets);

    internal static async Task UntilTrueAsync(Func<bool> holds) => await UntilAsync(() => Task.FromResult(holds()), held => held);

    /// <summary>An interviewer, signed in.</summary>
    internal async Task<Browser> InterviewerAsync() => await this.SignInAsync(await this.AddPersonAsync(Roles.Interviewer));

    internal static async Task<Guid> PlaceAsync(Browser browser, string number)
    {
        using var response = await browser.PostJsonAsync("/api/telephony/calls", new { number });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    internal static async Task HangUpAsync(Browser browser, Guid call)
    {
        using var response = await browser.PostJsonAsync($"/api/telephony/calls/{call}/hang-up", null);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <summary>What was audited of somebody, in its order.</summary>
    internal Task<List<string>> AuditedAsync(string subject, string beginning) => DoAsync<KernelDb, List<string>>(db =>
        db.AuditLines.Where(line => line.Subject == subject && line.Action.StartsWith(beginning)).OrderBy(line => line.Seq).Select(line => line.Action).ToListAsync());

    internal static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> like)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var found = await read();
            if (like(found))
                return found;
            try
            {
                await pause.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Still {JsonSerializer.Serialize(found)}");
            }
        }
    }
}
