using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Respondents;

/// <summary><c>relais demo line ADDRESS:PORT</c>: a line to simulated respondents that listen there. The server finds it by itself.</summary>
internal static class DemoLineVerb
{
    public static readonly Verb Verb = new("demo line", "add a phone line to simulated respondents", RunAsync);

    private const string Name = "Ligne d’essai (répondants simulés)";

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var address] || !IPEndPoint.TryParse(address, out var peer))
        {
            await call.Error.WriteLineAsync("usage: relais demo line ADDRESS:PORT");
            return 2;
        }

        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TelephonyDb>();
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        var fields = TrunkFields.New with
        {
            Name = Name, Host = peer.Address.ToString(), Port = peer.Port.ToString(CultureInfo.InvariantCulture), Caller = "01 99 00 00 00", CallerName = "Institut d’essai",
            VerifiedCaller = "01 62 00 00 00",
        };
        if (await db.Trunks.SingleOrDefaultAsync(t => t.NormalizedName == Trunk.Normalize(Name), cancel) is { } there)
        {
            if ((there.Host, there.Port) == (peer.Address.ToString(), peer.Port))
                return await SaidAsync(call);
            fields.ApplyTo(there);
            there.Revision++;
        }
        else
        {
            var now = clock.GetUtcNow();
            var trunk = new Trunk { Id = Guid.CreateVersion7(now), Name = "", NormalizedName = "", Host = "", Caller = "", ReachSince = now, Revision = 1 };
            fields.ApplyTo(trunk);
            db.Trunks.Add(trunk);
            db.Audit(clock, Actor.System, "trunk.added", $"trunk:{trunk.Id}", Name, new { host = trunk.Host, port = trunk.Port });
        }

        await db.SaveChangesAsync(cancel);
        return await SaidAsync(call);
    }

    private static async Task<int> SaidAsync(VerbCall call)
    {
        await call.Out.WriteLineAsync("Phone line:       to simulated respondents; connect a headset in the console, press Enter, and one of them answers");
        return 0;
    }
}
