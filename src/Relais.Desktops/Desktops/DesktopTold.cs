using Microsoft.AspNetCore.DataProtection;
using Relais.Access.Contracts;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Desktops;

/// <summary>What a desktop is told of itself and of its person: the text of its settings file.</summary>
internal sealed class DesktopTold(DesktopsEngine engine, People people, IDataProtectionProvider protection)
{
    /// <summary>The institute's: what is made ready for nobody speaks it until it is somebody's.</summary>
    public const string SpareLanguage = "fr";

    public async Task<string> HandleAsync(Desktop desktop, CancellationToken cancel)
    {
        var password = DesktopSecret.Protector(protection).Unprotect(desktop.Secret);
        // What a pool's desktop prints would wait where its person cannot ask for it.
        var prints = desktop.PoolId is null && engine.Find(desktop.Bundle) is { Prints: true };
        // The keyboard is the client's at each connection.
        if (desktop.IsSpare)
            return engine.SettingsOf(desktop.Slot, SpareLanguage, KeyboardLayouts.FrenchAzerty, password, prints);
        var person = await people.FindAsync(new PersonId(desktop.PersonId), cancel)
            ?? throw new InvalidDataException("The desktop's person does not exist any more.");
        return engine.SettingsOf(desktop.Slot, person.Language, person.KeyboardLayout, password, prints);
    }
}
