using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.OpenId;

/// <summary><c>relais openid links USER</c> and <c>relais openid unlink USER ISSUER</c>: a person's accounts at sign-in services, and undoing one.</summary>
internal static class LinkVerbs
{
    public static readonly Verb List = new("openid links", "the accounts of a person at sign-in services: USER [--json]", ListAsync);

    public static readonly Verb Undo = new("openid unlink", "untie a person from their account at a service, by its name or id: USER ISSUER [--json]", UndoAsync);

    private static Task<int> ListAsync(VerbCall call, CancellationToken cancel) => VerbOptions.Read(call.Arguments, [], ["--json"]) is { Words: [var user] } options
        ? OfAsync(call, user, async (_, links, _) =>
        {
            if (options.Has("--json"))
                return await AccessAnswers.WriteAsync(call, links);
            foreach (var link in links)
                await call.Out.WriteLineAsync($"{link.Issuer}  {link.Name}  {link.Subject}  since {link.LinkedAt:u}");
            return 0;
        }, cancel)
        : CreateAdministrator.UsageAsync(call, "relais openid links USER [--json]");

    private static Task<int> UndoAsync(VerbCall call, CancellationToken cancel) => VerbOptions.Read(call.Arguments, [], ["--json"]) is { Words: [var user, var issuer] } options
        ? OfAsync(call, user, async (person, links, edit) =>
        {
            var link = links.Find(l => string.Equals(l.Name, issuer, StringComparison.OrdinalIgnoreCase) || l.Issuer.ToString() == issuer);
            if (link is null || await edit.RemoveAsync(person, link.Issuer, Actor.System, cancel) is Answer.Missing)
                return await AccessAnswers.FailAsync(call, $"{user} is not tied to {issuer}; relais openid links {user} says to what");
            if (options.Has("--json"))
                return await AccessAnswers.WriteAsync(call, new { user, link.Issuer, link.Name, undone = true });
            await call.Out.WriteLineAsync($"{user} is not tied to {link.Name} any more; sign-ins through it have ended");
            return 0;
        }, cancel)
        : CreateAdministrator.UsageAsync(call, "relais openid unlink USER ISSUER [--json]");

    private static async Task<int> OfAsync(VerbCall call, string user, Func<Guid, List<LinkRow>, EditLinks, Task<int>> work, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var name = UniqueName.Normalize(user);
        if (await scope.ServiceProvider.GetRequiredService<AccessDb>().People.Where(p => p.NormalizedUserName == name).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel) is not { } id)
            return await AccessAnswers.FailAsync(call, $"no such person: {user}");

        var edit = scope.ServiceProvider.GetRequiredService<EditLinks>();
        return await work(id, await edit.OfAsync(id, cancel), edit);
    }
}
