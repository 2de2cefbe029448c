using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Import.XlsForm;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>What can only be told of the whole form: expressions that do not compile or read nothing, cycles, and days that do not fit.</summary>
public static class FormChecks
{
    /// <summary>Everything found, in the order of the expressions.</summary>
    public static IReadOnlyList<Finding> Check(FormDefinition form)
    {
        var findings = new List<Finding>();
        var paths = form.All().Select(item => item.Path).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.ToList())
            AddParents(paths, path);
        paths.UnionWith(["/" + form.Root, $"/{form.Root}/meta", $"/{form.Root}/meta/instanceID", $"/{form.Root}/meta/instanceName"]);
        var columns = ColumnsOf(form);
        var instances = form.Lists.Select(list => list.Name).Concat(form.Instances.Select(instance => instance.Id)).ToHashSet(StringComparer.Ordinal);

        var graph = new CycleSearch(form);
        foreach (var placed in FormExpressions.All(form))
        {
            if (Expression.Compile(placed.XPath, out var error) is not { } compiled)
            {
                // A name that was not found is still written ${x}, and was reported already.
                if (!placed.XPath.Contains("${", StringComparison.Ordinal) && error is not null)
                    findings.Add(Say.BadExpression(placed.Origin, placed.Written, error));
                continue;
            }

            var references = compiled.References(placed.Context);
            graph.Add(placed, references);
            findings.AddRange(references.Instances.Where(id => !instances.Contains(id)).Select(id => Say.UnknownInstance(placed.Origin, id)));
            foreach (var path in references.Paths.Where(path => !IsThere(path, paths)))
            {
                if (!IsOfChoices(path, placed, columns, findings))
                    findings.Add(Say.UnknownPath(placed.Origin, path));
            }
        }

        findings.AddRange(graph.Cycles());
        findings.AddRange(form.Questions().SelectMany(Question));
        findings.AddRange(Moments(form));
        return findings;
    }

    /// <summary>For each list and table, the children that its items have.</summary>
    private static Dictionary<string, HashSet<string>> ColumnsOf(FormDefinition form)
    {
        var columns = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var table in form.Instances.Where(instance => instance.Columns.Count > 0))
            columns[table.Id] = table.Columns.ToHashSet(StringComparer.Ordinal);
        foreach (var list in form.Lists)
            columns[list.Name] = list.Columns.Concat(["name", "label", "itextId"]).ToHashSet(StringComparer.Ordinal);
        return columns;
    }

    private static void AddParents(HashSet<string> paths, string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            if (!paths.Add(path[..at]))
                return;
        }
    }

    private static bool IsThere(string path, HashSet<string> paths) =>
        path is "/" || paths.Contains(path) || (path.EndsWith("/*", StringComparison.Ordinal) && (path.Length == 2 || paths.Contains(path[..^2])));

    /// <summary>In a filter, a child of the question is a column of the choices: known, or reported as what it is.</summary>
    private static bool IsOfChoices(string path, PlacedExpression placed, Dictionary<string, HashSet<string>> columns, List<Finding> findings)
    {
        if (placed.Use != ExpressionUse.Filter || placed.Item is not FormQuestion { Choices: { } choices } || !path.StartsWith(placed.Context + "/", StringComparison.Ordinal))
            return false;
        var column = path[(placed.Context.Length + 1)..];
        if (columns.TryGetValue(choices.List, out var known) && column != "*" && !known.Contains(column))
            findings.Add(Say.UnknownFilterColumn(placed.Origin, column, choices.List));
        return true;
    }

    private static IEnumerable<Finding> Question(FormQuestion question)
    {
        if (question.Appearance.Contains("search(", StringComparison.Ordinal))
            yield return Say.SearchAppearance(question.Origin);
        if (question.Type == QuestionType.Range && !RangeBounds.AreValid(question))
            yield return Say.RangeParameters(question.Origin);
    }

    private static IEnumerable<Finding> Moments(FormDefinition form)
    {
        var used = form.Questions().Select(question => question.ListeningDay?.Moments).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var moment in form.Lists.Where(list => used.Contains(list.Name)).SelectMany(list => list.Choices))
        {
            if (TimeOfDay.Minutes(moment.Column("from")) is not { } from || TimeOfDay.Minutes(moment.Column("to")) is not { } to || to <= from)
                yield return Say.MomentHours(moment.Origin, moment.Name);
        }
    }
}
