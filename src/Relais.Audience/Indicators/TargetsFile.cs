using System.Text.Json;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Indicators;

/// <summary>A target of a file of targets: its name, its expression, and where it stands.</summary>
internal sealed record TargetText(string File, long Line, string Name, string Expression);

/// <summary>
/// Targets in JSON: names with expressions, <c>{"women": "sex = 'F'"}</c>, or a list of <c>{"name": "women", "where": "sex = 'F'"}</c>. In place of an
/// expression there may be variables with an answer or several, <c>{"sex": "F", "region": ["R1", "R4"]}</c>; none at all means everybody.
/// </summary>
internal static class TargetsFile
{
    private const string Remedy = "Write {\"women\": \"sex = 'F'\", \"all\": \"all\"}.";

    public static IReadOnlyList<TargetText> Read(string path)
    {
        var root = PlacedJson.Read(path);
        if (root.IsObject && root.Find("targets") is { IsText: false } inner)
            root = inner;
        if (!root.IsObject && !root.IsArray)
            throw new BadFileException(path, root.Line, null, "there are no targets here", Remedy);

        var targets = new List<TargetText>();
        foreach (var (key, value) in root.Members)
        {
            var (name, where) = root.IsObject ? (key, value.Find("where") ?? value) : (value.Find("name")?.Text ?? "", value.Find("where"));
            if (string.IsNullOrWhiteSpace(name))
                throw new BadFileException(path, value.Line, null, "the target has no name", Remedy);
            if (targets.Exists(other => other.Name == name))
                throw new BadFileException(path, value.Line, null, $"the target {name} is there twice", "Give every target a name of its own.");
            targets.Add(new(path, (where ?? value).Line, name, where is null ? throw new BadFileException(path, value.Line, null, $"the target {name} has no \"where\"", Remedy) : Expression(path, name, where)));
        }

        return targets.Count > 0 ? targets : throw new BadFileException(path, root.Line, null, "there are no targets here", Remedy);
    }

    /// <summary>The masks of the targets; everybody when there are none.</summary>
    public static IReadOnlyList<Target> Compile(IReadOnlyList<TargetText> texts, RespondentsFile respondents)
    {
        var targets = new List<Target>();
        foreach (var text in texts)
        {
            var mask = TargetExpression.Compile(text.Expression, respondents.Variables, respondents.Ids.Count, out var error);
            if (mask is null)
            {
                var problem = error?.Kind == TargetErrorKind.UnknownVariable
                    ? $"at character {error.Position}: respondents have no column {error.Subject}"
                    : $"{error}";
                var remedy = error?.Kind == TargetErrorKind.UnknownVariable
                    ? $"{respondents.Path} has: {string.Join(", ", respondents.Columns)}."
                    : $"The expression is: {text.Expression}";
                throw new BadFileException(text.File, text.Line, null, $"target {text.Name}, {problem}", remedy);
            }

            targets.Add(new(text.Name, mask));
        }

        return targets.Count > 0 ? targets : [Target.All(respondents.Ids.Count)];
    }

    private static string Expression(string path, string name, PlacedJson where)
    {
        if (where.IsText)
            return where.Text.Length == 0 ? "all" : where.Text;
        if (where.Kind == JsonTokenType.Null || (where.IsObject && where.Members.Count == 0))
            return "all";
        if (!where.IsObject)
            throw new BadFileException(path, where.Line, null, $"the target {name} is neither an expression nor variables with answers", Remedy);

        return string.Join(" and ", where.Members.Select(member => member.Value.IsArray
            ? $"[{member.Name}] in ({string.Join(", ", member.Value.Members.Select(item => Literal(path, name, item.Value)))})"
            : $"[{member.Name}] = {Literal(path, name, member.Value)}"));
    }

    private static string Literal(string path, string name, PlacedJson value) => value.Kind switch
    {
        JsonTokenType.String => $"'{value.Text.Replace("'", "''", StringComparison.Ordinal)}'",
        JsonTokenType.Number => value.Text,
        _ => throw new BadFileException(path, value.Line, null, $"the target {name} has an answer that is neither text nor number", Remedy),
    };
}
