using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Accounts;
using Relais.Access.Conditions;
using Relais.Access.Setup;
using Relais.Kernel.Verbs;

namespace Relais.Access.Trail;

/// <summary><c>relais audit export</c>: the trail as CSV, or a JSON object a line, newest first.</summary>
internal static class ExportVerb
{
    private const string Usage = "relais audit export [--person P] [--action A] [--subject S] [--from 2026-11-01] [--to 2026-11-30] [--json]";

    public static readonly Verb Verb = new("audit export", "the audit trail as CSV, or a JSON object a line, newest first", RunAsync) { Usage = Usage };

    private static Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, ["--person", "--action", "--subject", "--from", "--to"], ["--json"]) is not { Words.Count: 0 } options
            || !IsDay(options["--from"]) || !IsDay(options["--to"]))
        {
            return CreateAdministrator.UsageAsync(call, Usage);
        }

        return RuleVerbs.InAsync(call, async services =>
        {
            var lines = services.GetRequiredService<ReadTrail>().AllAsync(new TrailQuery(options["--person"], options["--action"], options["--subject"], options["--from"], options["--to"]));
            var words = services.GetRequiredService<ActionWords>();
            if (!options.Has("--json"))
            {
                await ExportTrail.WriteAsync(call.Out, lines, words, cancel);
                return 0;
            }

            await foreach (var line in lines.WithCancellation(cancel))
            {
                using var detail = JsonDocument.Parse(line.Detail.Length > 0 ? line.Detail : "null");
                await AccessAnswers.WriteAsync(call, new
                {
                    line.Seq, line.At, line.Actor, line.ActorName, line.Address, line.Action, line.Subject, line.SubjectName,
                    Detail = detail.RootElement, Hash = Convert.ToHexStringLower(line.Hash),
                });
            }

            return 0;
        }, cancel);
    }

    private static bool IsDay(string? text) => text is null || InstituteCalendar.Parse(text) is not null;
}
