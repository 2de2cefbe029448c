using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Setup;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Access.Conditions;

/// <summary><c>relais access rules add|change|move|remove</c>: rules as files, in the form of HTTP's interface. Whoever holds the machine shuts nobody out by mistake: there is always a way back here.</summary>
internal static class RuleFileVerbs
{
    private const string Form = """
        (- is standard input), in the form of /api/access/rules; what is absent holds for all:
        {"name": "Nuit", "roles": ["interviewer"], "networks": ["10.0.0.0/8"], "elsewhere": true, "from": "22:00", "to": "06:00", "decision": "Refuse", "words": "Fermé la nuit"}
        """;

    private static readonly JsonSerializerOptions Read = new(JsonSerializerOptions.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static readonly IReadOnlyList<Verb> All =
    [
        new("access rules add", "add a rule of access, as the first, from a file", AddAsync) { Usage = $"relais access rules add FILE.json [--json] {Form}" },
        new("access rules change", "change a rule of access, by its number in the list, to what a file says", ChangeAsync) { Usage = $"relais access rules change NUMBER FILE.json [--json] {Form}" },
        new("access rules move", "put a rule at another place, by its number in the list: NUMBER PLACE [--json]", MoveAsync),
        new("access rules remove", "remove a rule, by its number in the list: NUMBER [--json]", RemoveAsync),
    ];

    private static Task<int> AddAsync(VerbCall call, CancellationToken cancel) =>
        OptionsOf(call) is not { Words: [var path] } options
            ? CreateAdministrator.UsageAsync(call, "relais access rules add FILE.json [--json]")
            : OnFileAsync(call, options, path, (edit, fields) => edit.AddAsync(fields, null, Actor.System, cancel), cancel);

    private static Task<int> ChangeAsync(VerbCall call, CancellationToken cancel) =>
        OptionsOf(call) is not { Words: [var number, var path] } options || Number(number) is not { } position
            ? CreateAdministrator.UsageAsync(call, "relais access rules change NUMBER FILE.json [--json]: the numbers are in relais access rules list")
            : OnFileAsync(call, options, path, async (edit, fields) => await IdOfAsync(edit, position, cancel) is { } id
                ? await edit.ChangeAsync(id, fields, null, Actor.System, cancel)
                : new RuleAnswer.Missing(), cancel);

    private static Task<int> MoveAsync(VerbCall call, CancellationToken cancel) =>
        OptionsOf(call) is not { Words: [var number, var place] } options || Number(number) is not { } position || Number(place) is not { } to
            ? CreateAdministrator.UsageAsync(call, "relais access rules move NUMBER PLACE [--json]: the numbers are in relais access rules list")
            : RuleVerbs.InAsync(call, async services =>
            {
                var edit = services.GetRequiredService<EditRules>();
                return await SayAsync(call, services, options, await IdOfAsync(edit, position, cancel) is { } id
                    ? await edit.MoveAsync(id, to, null, Actor.System, cancel)
                    : new RuleAnswer.Missing());
            }, cancel);

    private static Task<int> RemoveAsync(VerbCall call, CancellationToken cancel) =>
        OptionsOf(call) is not { Words: [var number] } options || Number(number) is not { } position
            ? CreateAdministrator.UsageAsync(call, "relais access rules remove NUMBER [--json]: the numbers are in relais access rules list")
            : RuleVerbs.InAsync(call, async services =>
            {
                var edit = services.GetRequiredService<EditRules>();
                return await SayAsync(call, services, options, await IdOfAsync(edit, position, cancel) is { } id
                    ? await edit.RemoveAsync(id, null, Actor.System, cancel)
                    : new RuleAnswer.Missing());
            }, cancel);

    private static async Task<int> OnFileAsync(
        VerbCall call, VerbOptions options, string path, Func<EditRules, RuleFields, Task<RuleAnswer>> work, CancellationToken cancel)
    {
        if (path != "-" && !File.Exists(path))
            return await AccessAnswers.FailAsync(call, $"there is no file {path}");
        RuleFields fields;
        try
        {
            var text = path == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel);
            if (JsonSerializer.Deserialize<RulesApi.RuleRequest>(text, Read) is not { } request)
                return await AccessAnswers.FailAsync(call, $"{path} holds no rule");
            fields = RulesApi.Fields(request);
        }
        catch (JsonException e)
        {
            return await AccessAnswers.FailAsync(call, $"{path}: {e.Message}");
        }

        return await RuleVerbs.InAsync(
            call, async services => await SayAsync(call, services, options, await work(services.GetRequiredService<EditRules>(), fields)), cancel);
    }

    private static async Task<int> SayAsync(VerbCall call, IServiceProvider services, VerbOptions options, RuleAnswer answer)
    {
        switch (answer)
        {
            case RuleAnswer.Done done when options.Has("--json"):
                return await AccessAnswers.WriteAsync(call, new RuleReport.Saved(done.Id));
            case RuleAnswer.Done:
                await call.Out.WriteLineAsync("done: relais access rules list");
                return 0;
            case RuleAnswer.Faulty faulty:
                var text = services.GetRequiredService<IStringLocalizer<ConditionsTexts>>();
                foreach (var fault in faulty.Faults)
                    await call.Error.WriteLineAsync($"relais: {(fault.Field.Length > 0 ? $"{fault.Field}: " : "")}{fault.In(text)}");
                return 1;
            default:
                return await AccessAnswers.FailAsync(call, "there is no such rule: the numbers are in relais access rules list");
        }
    }

    private static VerbOptions? OptionsOf(VerbCall call) => VerbOptions.Read(call.Arguments, [], ["--json"]);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<Guid?> IdOfAsync(EditRules edit, int position, CancellationToken cancel) =>
        (await edit.ListAsync(cancel)).FirstOrDefault(r => r.Position == position)?.Id;
}
