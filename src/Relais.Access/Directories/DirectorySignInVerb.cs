using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Directories;

/// <summary><c>relais directory sign-in on|off</c>: whether people sign in with the directory's password. For the day on which the directory is lost.</summary>
internal static class DirectorySignInVerb
{
    public static readonly Verb Verb = new("directory sign-in", "whether people of the directory sign in with its password: on | off", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not ["on" or "off"])
            return await CreateAdministrator.UsageAsync(call, "relais directory sign-in (on | off)");
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var on = call.Arguments[0] is "on";
        if (!await scope.ServiceProvider.GetRequiredService<EditDirectory>().SignInAsync(on, Actor.System, cancel))
        {
            await call.Error.WriteLineAsync("relais: no directory is set up");
            return 1;
        }

        await call.Out.WriteLineAsync(on
            ? "People of the directory sign in with its password."
            : "Nobody signs in with the directory's password. Who has none of Relais needs an invitation, or: relais admin reset-password USER");
        return 0;
    }
}
