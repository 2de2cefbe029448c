using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal;

namespace Relais.Access.MyAccount;

/// <summary>What everybody may change of their own account.</summary>
internal sealed class EditProfile(AccessDb db, TimeProvider clock)
{
    public async Task<IReadOnlyList<Fault>> HandleAsync(
        HttpContext context, string? name, string? language, string? keyboard, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        if (PersonRules.Name(name) is { } code)
            faults.Add(new Fault("DisplayName", code, Person.NameLength));
        if (!PortalLanguages.All.Contains(language ?? "", StringComparer.Ordinal))
            faults.Add(new Fault("Language", "choice"));
        if (!KeyboardLayouts.All.Contains(keyboard ?? "", StringComparer.Ordinal))
            faults.Add(new Fault("KeyboardLayout", "choice"));
        if (faults.Count > 0)
            return faults;

        var id = context.User.PersonId().Value;
        var person = await db.People.SingleAsync(p => p.Id == id, cancel);
        person.DisplayName = (name ?? "").Trim();
        person.Language = language ?? person.Language;
        person.KeyboardLayout = keyboard ?? person.KeyboardLayout;
        db.Audit(clock, Actor.Of(context), "person.profile-changed", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        return [];
    }
}
