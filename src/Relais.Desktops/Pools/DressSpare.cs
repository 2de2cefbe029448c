using System.Text;
using Microsoft.Extensions.Logging;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Pools;

/// <summary>
/// Gives a desktop that was made ready for nobody the language of whoever has it now, before they see it: its settings are written again, and the session
/// that waits in it, in which nobody has done anything yet, begins anew. The keyboard is the client's at each connection.
/// </summary>
internal sealed class DressSpare(DesktopsEngine engine, MyDesktop mine, People people, ILogger<DressSpare> log)
{
    // One window at a time; what is as wanted stays as it is.
    private const string Script = """
        exec 9>/run/relais-dress
        flock 9
        grep -qx "LANG=$1" /etc/default/locale && exit 0
        /usr/lib/relais/prepare
        systemctl kill --signal=KILL relais-session 9>&- || true
        systemctl restart relais-session 9>&-
        """;

    /// <param name="member">A person's, of a pool.</param>
    public async Task HandleAsync(Desktop member, CancellationToken cancel)
    {
        if (member.State != DesktopState.Running || member.OpenedAt is not null)
            return;
        if (await people.FindAsync(new PersonId(member.PersonId), cancel) is not { } person || person.Language == DriveDesktop.SpareLanguage)
            return;
        try
        {
            var settings = engine.SettingsOf(member.Slot, person.Language, person.KeyboardLayout, mine.PasswordOf(member));
            await engine.Instances.DressAsync(member.Instance, Encoding.UTF8.GetBytes(settings), Script, DesktopSettings.LocaleOf(person.Language), cancel);
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            // It opens all the same, in the institute's language.
            DesktopsLog.SpareNotDressed(log, member.Instance, e);
        }
    }
}
