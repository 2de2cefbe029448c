using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Workstations;

/// <summary>What a knock at a workstation gave.</summary>
internal abstract record Knock
{
    private Knock() { }

    /// <summary>It is there, and is to be dialled at this address and no other.</summary>
    public sealed record Answers(IPEndPoint Address) : Knock;

    public sealed record Silent : Knock;

    public sealed record NameUnknown : Knock;

    public sealed record AddressRefused(AddressRefusal Why) : Knock;

    /// <summary>No agent of its site is connected.</summary>
    public sealed record SiteAway(SiteState State) : Knock;

    /// <summary>Its site's agent does not go there, or takes no more connections.</summary>
    public sealed record SiteRefused : Knock;

    /// <summary>Something changed its row in the same moment: what was seen may be out of date.</summary>
    public sealed record Overtaken : Knock;
}

/// <summary>Finds out whether a workstation answers and whether it is still the same machine, and writes it down.</summary>
internal sealed class KnockAtWorkstation(DesktopsDb db, FindTarget find, OfficeSites sites, TargetProbe probe, IOptions<WorkstationOptions> options, TimeProvider clock)
{
    /// <param name="workstation">A tracked row; saved when something about it changed.</param>
    public async Task<Knock> HandleAsync(Workstation workstation, CancellationToken cancel)
    {
        switch (await find.HandleAsync(workstation.Host, workstation.Site, cancel))
        {
            case Found.Refused refused:
                return await SeeAsync(workstation, Reach.AddressRefused, new Knock.AddressRefused(refused.Why), cancel);
            case null:
                return await SeeAwayAsync(workstation, cancel);
            case Found.At found:
                var end = new IPEndPoint(found.Address, workstation.Port);
                var sight = await probe.LookAsync(end, workstation.Site, workstation.Protocol, options.Value.ProbeTime, cancel);
                if (sight.Site is { } fault)
                {
                    return fault == SiteFault.Away
                        ? await SeeAwayAsync(workstation, cancel)
                        : await SeeAsync(workstation, Reach.AddressRefused, new Knock.SiteRefused(), cancel);
                }

                if (!sight.Answers)
                    return await SeeAsync(workstation, Reach.Silent, new Knock.Silent(), cancel);
                Compare(workstation, sight);
                return await SeeAsync(workstation, Reach.Answers, new Knock.Answers(end), cancel);
            default:
                return await SeeAsync(workstation, Reach.NameUnknown, new Knock.NameUnknown(), cancel);
        }
    }

    private async Task<Knock> SeeAwayAsync(Workstation workstation, CancellationToken cancel)
    {
        var state = await sites.StateAsync(workstation.Site ?? "", cancel);
        return await SeeAsync(workstation, Reach.SiteAway, new Knock.SiteAway(state), cancel);
    }

    private void Compare(Workstation workstation, TargetSight sight)
    {
        var before = workstation.Pin;
        var action = workstation.Show(sight.CertificateSha256, sight.WantsSignIn) switch
        {
            PinChange.None => null,
            PinChange.Pinned => "workstation.pinned",
            PinChange.Changed => "workstation.certificate-changed",
        };
        if (action is null)
            return;
        db.Audit(
            clock, Actor.System, action, EditWorkstations.Subject(workstation), workstation.Name,
            new { before = Convert.ToHexStringLower(before ?? []), seen = Convert.ToHexStringLower(sight.CertificateSha256 ?? []) });
    }

    private async Task<Knock> SeeAsync(Workstation workstation, Reach reach, Knock knock, CancellationToken cancel)
    {
        workstation.See(reach, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(cancel);
            return knock;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new Knock.Overtaken();
        }
    }
}
