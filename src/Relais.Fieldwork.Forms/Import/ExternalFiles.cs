using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import;

/// <summary>Reads the files that a form names into instances of it.</summary>
internal sealed class ExternalFiles(Func<string, byte[]?> attached, ImportLimits limits, FindingList findings)
{
    private readonly Dictionary<string, FormInstance> _instances = new(StringComparer.Ordinal);

    /// <summary>Reads a file under the name that expressions know it by.</summary>
    public void Add(string id, string file, Origin origin)
    {
        if (_instances.ContainsKey(id))
            return;
        var instance = new FormInstance(id, origin) { File = file };
        _instances[id] = attached(file) is { } bytes ? Read(instance, bytes, origin) : Missing(instance, origin);
    }

    /// <summary>The form with its files, those that only pulldata() names included.</summary>
    public FormDefinition Into(FormDefinition form)
    {
        var taken = form.Lists.Select(list => list.Name).Concat(form.Instances.Select(instance => instance.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var (text, origin) in FormExpressions.All(form).Select(e => (e.XPath, e.Origin)))
        {
            foreach (var name in PullDataCalls.Names(text))
            {
                if (!taken.Contains(name))
                    Add(name, name + ".csv", origin);
            }
        }

        foreach (var instance in _instances.Values)
        {
            if (taken.Contains(instance.Id))
                findings.Add(Say.SameInstance(instance.Origin, instance.Id));
        }

        foreach (var question in form.Questions())
        {
            if (question.Choices is { } choices && _instances.TryGetValue(choices.List, out var table) && table.Columns.Count > 0)
            {
                foreach (var column in (string[])[choices.ValueRef, choices.LabelRef])
                {
                    if (!table.Columns.Contains(column, StringComparer.Ordinal))
                        findings.Add(Say.FileColumn(question.Origin, table.File ?? "", column));
                }
            }
        }

        return form with { Instances = [.. form.Instances, .. _instances.Values] };
    }

    private FormInstance Missing(FormInstance instance, Origin origin)
    {
        findings.Add(Say.FileMissing(origin, instance.File ?? ""));
        return instance;
    }

    private FormInstance Read(FormInstance instance, byte[] bytes, Origin origin)
    {
        if (bytes.Length > limits.FileBytes)
        {
            findings.Add(Say.TooLarge() with { Origin = origin });
            return instance;
        }

        var line = 1;
        if (instance.File?.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) == true)
        {
            if (SafeXml.Read(bytes, limits, out line) is { } content)
                return instance with { Content = content };
        }
        else if (CsvTable.Read(bytes, limits, out line) is { } rows && rows.Count > 0)
        {
            return instance with { Columns = rows[0], Rows = [.. rows.Skip(1)] };
        }

        findings.Add(Say.FileUnreadable(origin, instance.File ?? "", line));
        return instance;
    }
}
