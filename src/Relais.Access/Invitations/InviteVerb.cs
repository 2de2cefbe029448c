using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Board;
using Relais.Access.Groups;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.Invitations;

/// <summary>
/// <c>relais invite [--site SITE] [--group GROUP] [--all]</c>: invites by mail those who have no password yet. The running server sends them.
/// </summary>
internal static class InviteVerb
{
    private const string Usage = "relais invite (--all | --site SITE | --group GROUP) [--portal https://relais.example.org] [--json]";

    public static readonly Verb Verb = new("invite", "invite by mail those without a password: (--all | --site S | --group G) [--portal URL] [--json]", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var (site, group, portal, all, json) = ((string?)null, (string?)null, (string?)null, false, false);
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var value = i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : null;
            switch (call.Arguments[i])
            {
                case "--all": all = true; continue;
                case "--json": json = true; continue;
                case "--site" when value is not null: site = value; break;
                case "--group" when value is not null: group = value; break;
                case "--portal" when Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps:
                    portal = address.GetLeftPart(UriPartial.Authority);
                    break;
                default: return await CreateAdministrator.UsageAsync(call, Usage);
            }

            i++;
        }

        if (all == (site is not null || group is not null))
            return await CreateAdministrator.UsageAsync(call, Usage);
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        return await InviteAsync(call, scope.ServiceProvider, site, group, portal, json, cancel);
    }

    private static async Task<int> InviteAsync(VerbCall call, IServiceProvider services, string? site, string? group, string? portal, bool json, CancellationToken cancel)
    {
        portal ??= services.GetRequiredService<IOptions<InvitationOptions>>().Value.Portal?.GetLeftPart(UriPartial.Authority);
        if (portal is null)
            return await CreateAdministrator.UsageAsync(call, "where is the portal for the invited? Set Access:Invitations:Portal, or say --portal https://relais.example.org");

        var id = (Guid?)null;
        if (group is not null)
        {
            id = (await services.GetRequiredService<EditGroups>().ListAsync(cancel)).Find(g => string.Equals(UniqueName.Normalize(g.Name), UniqueName.Normalize(group), StringComparison.Ordinal))?.Id;
            if (id is null)
            {
                await call.Error.WriteLineAsync($"relais: there is no group {group}");
                return 1;
            }
        }

        var picture = await services.GetRequiredService<ReadBoard>().HandleAsync(new BoardQuery(null, id, site, null, 1), cancel);
        var done = await services.GetRequiredService<InvitePeople>().HandleAsync([.. picture.Found.Select(p => p.Id)], InvitationWay.Mail, portal, Actor.System, cancel);
        if (json)
            return await AccessAnswers.WriteAsync(call, done);
        await call.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{done.Invited} invited, {done.HavePassword} have a password already, {done.NoMail} have no mail address, {done.ShutOut} may not sign in"));
        return 0;
    }
}
