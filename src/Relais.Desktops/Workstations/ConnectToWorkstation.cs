using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>
/// Finds the machine that a person names to <c>relais connect</c>: by its name in Relais or its host. Their own ssh signs in, and compares
/// the host key, so that no account of theirs is needed here.
/// </summary>
internal static class ConnectToWorkstation
{
    public static async Task<SessionTarget?> FindAsync(IServiceProvider scope, PersonId person, string host, CancellationToken cancel)
    {
        var allowed = await scope.GetRequiredService<AllowedWorkstations>().OfAsync(person, cancel);
        var options = scope.GetRequiredService<IOptions<WorkstationOptions>>().Value;
        var named = allowed.Where(w => w is { Protocol: TargetProtocol.Ssh, Enabled: true, Direct: true } && options.PortsOf(w.Protocol).Contain(w.Port)
            && (string.Equals(w.Name, host, StringComparison.OrdinalIgnoreCase) || string.Equals(w.Host, host, StringComparison.OrdinalIgnoreCase)));
        if (named.FirstOrDefault() is not { PinState: not PinState.Changed } workstation
            || await scope.GetRequiredService<FindTarget>().HandleAsync(workstation.Host, workstation.Site, cancel) is not Found.At found)
        {
            return null;
        }

        return new SessionTarget(
            EditWorkstations.TargetKind, workstation.Id, workstation.Name, new IPEndPoint(found.Address, workstation.Port), "", "", workstation.Pin ?? [])
        {
            Protocol = TargetProtocol.Ssh,
            Recording = workstation.Recording,
            Site = workstation.Site,
        };
    }
}
