using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Accounts;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Access.Setup;

/// <summary><c>relais admin reset-password USER</c>: for when nobody can sign in any more. Whoever runs it holds the machine.</summary>
internal static class ResetAdministratorPassword
{
    public static readonly Verb Verb = new("admin reset-password", "give USER a new password to use once", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var name])
            return await CreateAdministrator.UsageAsync(call, "relais admin reset-password USER");

        await using var scope = call.Services.CreateAsyncScope();
        var normalized = UniqueName.Normalize(name);
        var id = await scope.ServiceProvider.GetRequiredService<AccessDb>().People
            .Where(p => p.NormalizedUserName == normalized).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        var answer = id is null ? new Answer.Missing() : await scope.ServiceProvider.GetRequiredService<ResetPassword>().HandleAsync(id.Value, Actor.System, cancel);
        if (answer is Answer.Refused)
        {
            await call.Error.WriteLineAsync($"relais: {name} signs in with the directory's password; it is changed there. Where the directory is lost: relais directory sign-in off");
            return 1;
        }

        if (answer is not Answer.Done done)
        {
            await call.Error.WriteLineAsync($"relais: no such person: {name}");
            return 1;
        }

        await call.Out.WriteLineAsync($"New password of {name}: {done.OneTimePassword} (asked to change at the next sign-in)");
        return 0;
    }
}
