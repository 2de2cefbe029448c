using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Desktops;

/// <summary>What Access may know of desktops: what they can be made from, and how far each person's is.</summary>
internal sealed class PeoplesDesktops(DesktopsDb db, SessionDoor door, BundleCatalog catalog, IStringLocalizer<DesktopsTexts> text) : IPeoplesDesktops
{
    public IReadOnlyList<DesktopChoice> Choices() =>
        [.. catalog.Read().Bundles.Select(bundle => new DesktopChoice(bundle.Name, bundle.TitleIn(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)))];

    public async Task<IReadOnlyDictionary<PersonId, DesktopStanding>> StandingAsync(CancellationToken cancel)
    {
        var open = (await door.OpenOnAsync("desktop", cancel)).Select(session => session.Target).ToHashSet();
        var desktops = await db.Desktops.AsNoTracking().Where(d => d.PoolId == null && d.Wanted != Wanted.Deleted)
            .Select(d => new { d.Id, d.PersonId, d.State, d.Fault, Made = d.CertificateSha256 != null }).ToListAsync(cancel);
        return desktops.ToDictionary(d => new PersonId(d.PersonId), d => new DesktopStanding(
            d.State is DesktopState.Failed ? DesktopStage.Failed : open.Contains(d.Id) ? DesktopStage.InUse : d.Made ? DesktopStage.Ready : DesktopStage.Allocated,
            d is { State: DesktopState.Failed, Fault: { } fault } ? text[$"Fault.{fault}"].Value : null));
    }
}
