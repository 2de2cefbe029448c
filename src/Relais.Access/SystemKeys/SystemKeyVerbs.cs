using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access.SystemKeys;

/// <summary><c>relais keys</c>: keys for other systems, from the command line.</summary>
internal static class SystemKeyVerbs
{
    private const string Usage = "relais keys create --name NAME (--all | --scope RESOURCE ...) [--write] [--days N]; relais keys scopes lists the resources";

    public static readonly Verb Create = new("keys create", "a key for another system, shown once: --name NAME (--all | --scope R ...) [--write] [--days 365]", CreateAsync);

    public static readonly Verb List = new("keys list", "the keys of other systems, and when they were last used", ListAsync);

    public static readonly Verb Scopes = new("keys scopes", "what a key may be limited to", ScopesAsync);

    public static readonly Verb Revoke = new("keys revoke", "end a key: relais keys revoke ID", RevokeAsync);

    private static async Task<int> CreateAsync(VerbCall call, CancellationToken cancel)
    {
        var (name, resources, write, days) = ((string?)null, new List<string>(), false, 365);
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var value = i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : null;
            switch (call.Arguments[i])
            {
                case "--all": resources.Add(SystemKeyClaims.Everything); continue;
                case "--write": write = true; continue;
                case "--name" when value is not null: name = value; break;
                case "--scope" when value is not null: resources.Add(value); break;
                case "--days" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number): days = number; break;
                default: return await CreateAdministrator.UsageAsync(call, Usage);
            }

            i++;
        }

        return await InAsync(call, async edit =>
        {
            switch (await edit.MakeAsync(new SystemKeyFields(name, resources, write, days), Actor.System, cancel))
            {
                case SystemKeyMade.Made made:
                    await call.Out.WriteLineAsync($"{made.Id}  {made.Secret}");
                    return 0;
                case SystemKeyMade.Refused { Fault: var fault }:
                    return await CreateAdministrator.UsageAsync(call, $"{fault.Field.ToLowerInvariant()} is missing or wrong ({fault.Code}). {Usage}");
                default:
                    return 1;
            }
        }, cancel);
    }

    private static Task<int> ListAsync(VerbCall call, CancellationToken cancel) => InAsync(call, async edit =>
    {
        foreach (var key in await edit.ListAsync(cancel))
        {
            var state = key.RevokedAt is { } at ? $"revoked {at:u}" : $"until {key.ExpiresAt:u}";
            var used = key.LastUsedAt is { } last ? $"{last:u}" : "never";
            await call.Out.WriteLineAsync($"{key.Id}  {key.Hint}…  {key.Name}  {(key.MayWrite ? "read, write" : "read")}  {string.Join(' ', key.Resources)}  {state}  used {used}");
        }

        return 0;
    }, cancel);

    private static Task<int> ScopesAsync(VerbCall call, CancellationToken cancel) => InAsync(call, async edit =>
    {
        foreach (var resource in await edit.ResourcesAsync(cancel))
            await call.Out.WriteLineAsync($"{resource.Id}  {resource.Name}");
        return 0;
    }, cancel);

    private static async Task<int> RevokeAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var text] || !Guid.TryParse(text, out var id))
            return await CreateAdministrator.UsageAsync(call, "relais keys revoke ID");
        return await InAsync(call, async edit =>
        {
            if (await edit.RevokeAsync(id, Actor.System, cancel) is not { } name)
            {
                await call.Error.WriteLineAsync("relais: there is no such key");
                return 1;
            }

            await call.Out.WriteLineAsync($"{name} has ended");
            return 0;
        }, cancel);
    }

    private static async Task<int> InAsync(VerbCall call, Func<EditSystemKeys, Task<int>> work, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<EditSystemKeys>());
    }
}
