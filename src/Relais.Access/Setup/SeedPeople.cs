using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Accounts;
using Relais.Access.Groups;
using Relais.Access.Passwords;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Setup;

/// <summary><c>relais demo people [INTERVIEWERS]</c>: a sample institute. Adds who is missing, changes nobody, prints everybody.</summary>
internal static class SeedPeople
{
    private const int ContractDays = 90;
    private const int MostInterviewers = 1000;
    public static readonly Verb Verb = new("demo people", "add the people of a sample institute and print their passwords", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var interviewers = 0;
        if (call.Arguments is [var wanted, ..] && !(int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out interviewers) && interviewers <= MostInterviewers))
        {
            await call.Error.WriteLineAsync($"usage: relais demo people [INTERVIEWERS, at most {MostInterviewers}]");
            return 2;
        }

        var institute = SampleInstitute.With(interviewers);
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<AccessDb>();
        var passwords = await services.GetRequiredService<SamplePasswords>().ForAsync(institute.Select(p => p.UserName), cancel);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        var groups = await GroupsAsync(db, services.GetRequiredService<TimeProvider>(), cancel);
        var present = await db.People.Select(p => p.NormalizedUserName).ToListAsync(cancel);
        foreach (var sample in institute.Where(p => !present.Contains(UniqueName.Normalize(p.UserName), StringComparer.Ordinal)))
            await AddAsync(services, db, sample, groups[sample.Group], passwords[sample.UserName], cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        await PrintAsync(call.Out, institute, passwords);
        return 0;
    }

    private static async Task<Dictionary<string, Group>> GroupsAsync(AccessDb db, TimeProvider clock, CancellationToken cancel)
    {
        var kept = await db.Groups.ToListAsync(cancel);
        foreach (var name in SampleInstitute.Groups.Where(name => !kept.Exists(g => Same(g, name))))
        {
            var group = new Group { Name = name, NormalizedName = UniqueName.Normalize(name) };
            db.Groups.Add(group);
            kept.Add(group);
            db.Audit(clock, Actor.System, "group.created", Subject.Of(group), group.Name);
        }

        return SampleInstitute.Groups.ToDictionary(name => name, name => kept.First(g => Same(g, name)), StringComparer.Ordinal);

        static bool Same(Group group, string name) => string.Equals(group.NormalizedName, UniqueName.Normalize(name), StringComparison.Ordinal);
    }

    private static async Task AddAsync(
        IServiceProvider services, AccessDb db, SamplePerson sample, Group group, string password, CancellationToken cancel)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var calendar = services.GetRequiredService<InstituteCalendar>();
        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            UserName = sample.UserName,
            NormalizedUserName = UniqueName.Normalize(sample.UserName),
            DisplayName = sample.DisplayName,
            Email = $"{sample.UserName}@institut.example",
            NormalizedEmail = UniqueName.Normalize($"{sample.UserName}@institut.example"),
            Language = sample.Language,
            KeyboardLayout = sample.Keyboard,
            Roles = sample.Roles,
            CreatedAt = clock.GetUtcNow(),
            ExpiresAt = sample.Roles.Contains(Contracts.Roles.Contractor, StringComparer.Ordinal) ? calendar.EndOf(calendar.Today.AddDays(ContractDays)) : null,
            PasswordHash = await services.GetRequiredService<PasswordCheck>().HashAsync(password, cancel),
        };
        person.Groups.Add(group);
        db.People.Add(person);
        db.Audit(clock, Actor.System, "person.created", Subject.Of(person), person.DisplayName, new { userName = sample.UserName, roles = sample.Roles });
    }

    private static async Task PrintAsync(TextWriter to, IReadOnlyList<SamplePerson> institute, IReadOnlyDictionary<string, string> passwords)
    {
        await to.WriteLineAsync($"{"user name",-16} {"password",-20} {"name",-22} roles");
        foreach (var sample in institute)
            await to.WriteLineAsync($"{sample.UserName,-16} {passwords[sample.UserName],-20} {sample.DisplayName,-22} {string.Join(", ", sample.Roles)}");
    }
}
