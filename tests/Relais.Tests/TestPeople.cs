using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;

namespace Relais.Tests;

/// <summary>Somebody whom a test may sign in.</summary>
public sealed record TestPerson(Guid Id, string UserName, string Password, byte[]? TotpSecret);

/// <summary>People of a test, and how they get in: through the forms, as anybody does.</summary>
public static class TestPeople
{
    public const string Password = "un chat dort sur le toit";

    // The product's own kind, of a single round: what a check costs is read in the hash, and thousands of sign-ins would pay it.
    private static readonly string PasswordHash =
        new PasswordHasher<Person>(Options.Create(new PasswordHasherOptions { IterationCount = 1 })).HashPassword(new Person(), Password);

    /// <summary>Adds a person with these roles. Administrators, auditors and supervisors get an authenticator app, because the rules ask for it.</summary>
    public static async Task<TestPerson> AddPersonAsync(this RelaisApp app, params string[] roles)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var name = $"p{Guid.NewGuid():N}"[..12];
        var secret = roles.Intersect([Roles.Administrator, Roles.Auditor, Roles.Supervisor]).Any() ? RandomNumberGenerator.GetBytes(Totp.SecretLengthBytes) : null;
        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            UserName = name,
            NormalizedUserName = UniqueName.Normalize(name),
            DisplayName = $"Personne {name}",
            Email = $"{name}@institut.example",
            NormalizedEmail = UniqueName.Normalize($"{name}@institut.example"),
            Roles = roles is [] ? [Roles.Staff] : roles,
            CreatedAt = app.Clock.GetUtcNow(),
            PasswordHash = PasswordHash,
            TotpSecret = secret is null ? null : services.GetRequiredService<TotpSecrets>().Seal(secret),
        };
        var db = services.GetRequiredService<AccessDb>();
        db.People.Add(person);
        await db.SaveChangesAsync();
        return new TestPerson(person.Id, name, Password, secret);
    }

    /// <summary>A browser in which this person has signed in, on the home page.</summary>
    public static async Task<Browser> SignInAsync(this RelaisApp app, TestPerson person, string? from = null)
    {
        var browser = app.OpenBrowser(from);
        var page = await app.SignInAsync(browser, person);
        Assert.True(page.Path is "/", $"Not signed in, but at {page.Address}: {page.Text}");
        return browser;
    }

    public static async Task<Page> SignInAsync(this RelaisApp app, Browser browser, TestPerson person)
    {
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person.UserName), ("Password", person.Password));
        return person.TotpSecret is not null && page.Path is "/sign-in/second-factor"
            ? await browser.SubmitAsync(page, ("Code", app.NextCode(person)))
            : page;
    }

    /// <summary>A code that this person has not used yet.</summary>
    public static string NextCode(this RelaisApp app, TestPerson person)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(30 * (1 + Totp.Tolerance)));
        return Totp.Code(person.TotpSecret, Totp.StepAt(app.Clock.GetUtcNow()));
    }

    public static async Task<T> InDatabaseAsync<T>(this RelaisApp app, Func<AccessDbAccess, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(new AccessDbAccess(scope.ServiceProvider));
    }
}

/// <summary>A test's way to the databases, for what no page shows.</summary>
public sealed class AccessDbAccess(IServiceProvider services)
{
    internal AccessDb Access => services.GetRequiredService<AccessDb>();

    internal Relais.Kernel.KernelDb Kernel => services.GetRequiredService<Relais.Kernel.KernelDb>();
}
