using Microsoft.Extensions.Logging;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Pools;

/// <summary>
/// Gives a desktop that was made ready for nobody the language of whoever has it now, before they see it: the session that waits in it begins anew.
/// </summary>
internal sealed class DressSpare(DesktopsEngine engine, DesktopTold told, People people, ILogger<DressSpare> log)
{
    /// <param name="member">A person's, of a pool.</param>
    public async Task HandleAsync(Desktop member, CancellationToken cancel)
    {
        if (member.State != DesktopState.Running || member.OpenedAt is not null)
            return;
        if (await people.FindAsync(new PersonId(member.PersonId), cancel) is not { } person || person.Language == DesktopTold.SpareLanguage)
            return;
        try
        {
            await engine.RunningSettings.SpeakAsync(member.Instance, await told.HandleAsync(member, cancel), person.Language, cancel);
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            // It opens all the same, in the institute's language.
            DesktopsLog.SpareNotDressed(log, member.Instance, e);
        }
    }
}
