using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Desktops;

/// <summary>
/// A person's own desktop, as native clients list and open it by themselves. It is known by its person: one that was made anew is the same
/// entry, and one that was never opened is allocated when it is.
/// </summary>
internal sealed class NativeDesktop(
    MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people, SessionDoor door, AccessConditions conditions, IStringLocalizer<DesktopsTexts> text,
    IOptions<DesktopsOptions> options, TimeProvider clock) : INativeTargets
{
    public string Kind => "desktop";

    public async Task<IReadOnlyList<NativeResource>> ListAsync(NativeCaller caller, CancellationToken cancel)
    {
        if (engine.Missing is not null || engine.Network is null)
            return [];
        var desktop = await mine.FindAsync(caller.Person.Id, cancel);
        if (engine.Find(desktop?.Bundle ?? options.Value.DefaultBundle) is not { Watermark: not "on" } bundle || desktop is { Wanted: Wanted.Archived } or { DeleteAt: not null })
            return [];
        return [new NativeResource(Kind, caller.Person.Id.Value, bundle.TitleIn(caller.Person.Language), bundle.ClipboardPolicy, Inspected: true)];
    }

    public async Task<NativeOpening> OpenAsync(NativeCaller caller, Guid id, bool inspected, SessionId? resume, CancellationToken cancel)
    {
        if (id != caller.Person.Id.Value || !inspected)
            return new NativeOpening.Refused("desktop-missing");
        var request = new OpenDesktop.Request(TakeOver: true, resume?.Value);
        var opening = await OpenDesktop.GrantAsync(request, Opener.Of(caller, inspected), mine, db, engine, people, door, conditions, text, clock, cancel);
        return opening.AsNative();
    }
}
