using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>
/// The workstations of the office that a person may open by RDP, as native clients list and open them by themselves. One that could not be
/// opened that way, whatever the person does at the client, is not listed.
/// </summary>
internal sealed class NativeWorkstations(
    AllowedWorkstations allowed, DesktopsDb db, OpenWorkstation open, IOptions<WorkstationOptions> options) : INativeTargets
{
    public string Kind => EditWorkstations.TargetKind;

    public async Task<IReadOnlyList<NativeResource>> ListAsync(NativeCaller caller, CancellationToken cancel)
    {
        var person = caller.Person.Id;
        var kept = (await db.WorkstationAccounts.Where(a => a.PersonId == person.Value && a.SignInId == Guid.Empty)
            .Select(a => a.WorkstationId).ToListAsync(cancel)).ToHashSet();
        var found = (await allowed.OfAsync(person, cancel)).Where(w => MayOpen(w, kept.Contains(w.Id))).ToList();
        var within = found.Exists(w => !w.Direct) && await OpenWorkstation.FromOwnDesktopAsync(db, person, caller.From, cancel);
        return found.Where(w => w.Direct || within).Select(w => new NativeResource(Kind, w.Id, w.Name, w.Clipboard, kept.Contains(w.Id))).ToList();
    }

    public async Task<NativeOpening> OpenAsync(NativeCaller caller, Guid id, bool inspected, SessionId? resume, CancellationToken cancel) =>
        (await open.HandleAsync(id, new OpenWorkstation.Request(TakeOver: true, resume?.Value), Opener.Of(caller, inspected), cancel)).AsNative();

    // Without a kept account the workstation itself must ask for one, and then nothing of it can be recorded.
    private bool MayOpen(Workstation workstation, bool kept) =>
        workstation is { Enabled: true, Protocol: TargetProtocol.Rdp }
        && options.Value.PortsOf(workstation.Protocol).Contain(workstation.Port)
        && (kept || (workstation.WantsSignIn && workstation.Recording != RecordingPolicy.Mandatory));
}
