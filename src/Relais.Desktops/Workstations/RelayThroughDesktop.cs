using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Workstations;

/// <summary>
/// The way person, own desktop, own workstation: what opens only from inside the desktop is asked for outside, and the browser inside opens it. The
/// person signs in there, once for as long as a sign-in lasts: a desktop is no proof of who sits before it.
/// </summary>
internal sealed class RelayThroughDesktop(
    AllowedWorkstations allowed, DesktopsDb db, DesktopsEngine engine, IOptions<DesktopsOptions> options, ILogger<RelayThroughDesktop> log)
{
    /// <summary>Whether somebody is not in their own desktop, and has one with a way to these pages.</summary>
    public async Task<bool> OutsideAsync(PersonId person, IPAddress? from, CancellationToken cancel) =>
        options.Value.Portal is not null && engine.Missing is null && !await OpenWorkstation.FromOwnDesktopAsync(db, person, from, cancel);

    /// <summary>Has the desktop's browser open the page of a workstation that the person may open. The desktop opens all the same when that fails.</summary>
    public async Task ShowAsync(Guid workstation, PersonId person, Guid desktop, CancellationToken cancel)
    {
        if (options.Value.Portal is null || await allowed.FindAsync(workstation, person, cancel) is null)
            return;
        var instance = (await db.Desktops.AsNoTracking().SingleAsync(d => d.Id == desktop && d.PersonId == person.Value, cancel)).Instance;
        try
        {
            await engine.Instances.ShowPortalAsync(instance, $"/workstations/{workstation}", cancel);
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            DesktopsLog.PortalNotShown(log, instance, e);
        }
    }
}
