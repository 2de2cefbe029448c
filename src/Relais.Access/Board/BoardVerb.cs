using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Conditions;
using Relais.Access.Groups;
using Relais.Access.Setup;
using Relais.Kernel.Verbs;

namespace Relais.Access.Board;

/// <summary><c>relais board</c>: how far people are on their way to work.</summary>
internal static class BoardVerb
{
    private const string Usage = "relais board [--q TEXT] [--site SITE] [--group GROUP] [--state STATE] [--json]";

    public static readonly Verb Verb = new("board", "how far people are on their way to work, by call centre and group", RunAsync)
    {
        Usage = $"{Usage}\nstates: {string.Join(", ", BoardQuery.States)}",
    };

    private static Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, ["--q", "--site", "--group", "--state"], ["--json"]) is not { Words.Count: 0 } options
            || (options["--state"] is { } state && !BoardQuery.States.Contains(state, StringComparer.Ordinal)))
        {
            return CreateAdministrator.UsageAsync(call, Usage);
        }

        return RuleVerbs.InAsync(call, async services =>
        {
            string? group = null;
            if (options["--group"] is { } name)
            {
                group = (await services.GetRequiredService<EditGroups>().ListAsync(cancel))
                    .Find(g => string.Equals(UniqueName.Normalize(g.Name), UniqueName.Normalize(name), StringComparison.Ordinal))?.Id.ToString();
                if (group is null)
                    return await AccessAnswers.FailAsync(call, AccessAnswers.NoGroup);
            }

            var filter = new BoardActions.Filter(options["--q"], group, options["--site"], options["--state"]);
            var board = (await BoardActions.List(filter, services.GetRequiredService<ReadBoard>(), cancel)).Value;
            if (board is null || options.Has("--json"))
                return await AccessAnswers.WriteAsync(call, board);
            await call.Out.WriteLineAsync($"{"people",7} {"invited",8} {"signed in",10} {"factor",7} {"desktop",8} {"working",8} {"blocked",8}");
            foreach (var line in board.Sites.Concat(board.Groups).Prepend(board.All with { Name = "all" }))
                await call.Out.WriteLineAsync($"{line.People,7} {line.Invited,8} {line.SignedIn,10} {line.SecondFactor,7} {line.Desktop,8} {line.Working,8} {line.Blocked,8}  {line.Name}");
            return 0;
        }, cancel);
    }
}
