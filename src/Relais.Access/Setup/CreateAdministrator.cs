using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Accounts;
using Relais.Access.Passwords;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Setup;

/// <summary>
/// <c>relais admin create [--name NAME]</c>: the first administrator, with a password to use once. Where there is one already,
/// it says so and changes nothing: a launcher may call it at every start.
/// </summary>
internal static class CreateAdministrator
{
    public const string UserName = "admin";
    public static readonly Verb Verb = new("admin create", "create the first administrator [--name NAME]", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var name = "Administrateur";
        if (call.Arguments is ["--name", var typed])
            name = typed;
        else if (call.Arguments.Count > 0)
            return await UsageAsync(call, "relais admin create [--name NAME]");
        if (PersonRules.Name(name) is not null)
            return await UsageAsync(call, $"a name of 1 to {Person.NameLength} characters is wanted");

        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        var existing = await db.People.Where(p => p.Roles.Contains(Contracts.Roles.Administrator) && p.DisabledAt == null)
            .OrderBy(p => p.CreatedAt).Select(p => p.UserName).FirstOrDefaultAsync(cancel);
        if (existing is not null)
        {
            await call.Out.WriteLineAsync($"An administrator exists already: {existing}. Lost password: relais admin reset-password {existing}");
            return 0;
        }

        var password = OneTimePassword.Create();
        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            UserName = UserName,
            NormalizedUserName = UniqueName.Normalize(UserName),
            DisplayName = name.Trim(),
            Roles = [Contracts.Roles.Administrator],
            CreatedAt = clock.GetUtcNow(),
            MustChangePassword = true,
            PasswordHash = await scope.ServiceProvider.GetRequiredService<PasswordCheck>().HashAsync(password, cancel),
        };
        db.People.Add(person);
        db.Audit(clock, Actor.System, "person.created", Subject.Of(person), person.DisplayName, new { userName = UserName, roles = person.Roles });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await call.Out.WriteLineAsync($"First administrator: user name {UserName}, password {password} (asked to change at the first sign-in)");
        return 0;
    }

    internal static async Task<int> UsageAsync(VerbCall call, string usage)
    {
        await call.Error.WriteLineAsync($"relais: {usage}");
        return 2;
    }
}
