using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Api;
using Relais.Access.Conditions;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Access.Groups;

/// <summary><c>relais groups ...</c>: groups from the machine itself.</summary>
internal static class GroupVerbs
{
    public static readonly IReadOnlyList<Verb> All =
    [
        new("groups list", "groups and how many people are in them [--json]", ListAsync),
        new("groups add", "add a group: NAME [--json]", (call, cancel) => OnAsync(
            call, "groups add NAME", 1, (edit, words, _) => edit.CreateAsync(words[0], Actor.System, cancel), cancel)),
        new("groups rename", "give a group another name: NAME NEW-NAME [--json]", (call, cancel) => OnAsync(
            call, "groups rename NAME NEW-NAME", 2, (edit, words, id) => edit.RenameAsync(id, words[1], Actor.System, cancel), cancel)),
        new("groups remove", "remove a group; its people stay: NAME [--json]", (call, cancel) => OnAsync(
            call, "groups remove NAME", 1, (edit, _, id) => edit.DeleteAsync(id, Actor.System, cancel), cancel)),
    ];

    private static Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not ([] or ["--json"]))
            return CreateAdministrator.UsageAsync(call, "relais groups list [--json]");
        return RuleVerbs.InAsync(call, async services =>
        {
            var groups = await services.GetRequiredService<EditGroups>().ListAsync(cancel);
            if (call.Arguments.Count > 0)
                return await AccessAnswers.WriteAsync(call, groups.Select(g => new PeopleApi.GroupCount(g.Id, g.Name, g.People)));
            foreach (var group in groups)
                await call.Out.WriteLineAsync($"{group.People,6} {group.Name}");
            return 0;
        }, cancel);
    }

    private static Task<int> OnAsync(
        VerbCall call, string usage, int words, Func<EditGroups, IReadOnlyList<string>, Guid, Task<Answer>> work, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, [], ["--json"]) is not { } options || options.Words.Count != words)
            return CreateAdministrator.UsageAsync(call, $"relais {usage} [--json]");
        return RuleVerbs.InAsync(call, async services =>
        {
            var edit = services.GetRequiredService<EditGroups>();
            var name = options.Words[0];
            var known = (await edit.ListAsync(cancel)).Find(g => string.Equals(UniqueName.Normalize(g.Name), UniqueName.Normalize(name), StringComparison.Ordinal));
            if (known is null && !usage.StartsWith("groups add", StringComparison.Ordinal))
                return await AccessAnswers.FailAsync(call, AccessAnswers.NoGroup);
            switch (await work(edit, options.Words, known?.Id ?? Guid.Empty))
            {
                case Answer.Refused refused:
                    return await AccessAnswers.RefusedAsync(call, services, name, refused);
                case Answer.Done done when options.Has("--json"):
                    return await AccessAnswers.WriteAsync(call, new { id = done.Id, name = options.Words[^1] });
                case Answer.Done:
                    await call.Out.WriteLineAsync($"{options.Words[^1]}: done");
                    return 0;
                default:
                    return await AccessAnswers.FailAsync(call, AccessAnswers.NoGroup);
            }
        }, cancel);
    }
}
