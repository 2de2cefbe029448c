using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Lists of choices and tables as trees of nodes, made when first asked for and then shared.</summary>
internal sealed class ProgramInstances(FormDefinition form)
{
    private readonly Dictionary<string, Lazy<FormNode>> _trees = Trees(form);

    /// <summary>What stands above <c>root</c> in <c>instance('ID')/root/item</c>.</summary>
    public FormNode? Find(string id) => _trees.TryGetValue(id, out var tree) ? tree.Value : null;

    private static Dictionary<string, Lazy<FormNode>> Trees(FormDefinition form)
    {
        var trees = new Dictionary<string, Lazy<FormNode>>(StringComparer.Ordinal);
        foreach (var list in form.Lists)
            trees.TryAdd(list.Name, new Lazy<FormNode>(() => OfList(list, form.DefaultLanguage)));
        foreach (var instance in form.Instances)
            trees.TryAdd(instance.Id, new Lazy<FormNode>(() => OfInstance(instance)));
        return trees;
    }

    private static FormNode OfList(ChoiceList list, string language)
    {
        var (above, root) = Root();
        foreach (var choice in list.Choices)
        {
            var item = root.Add(new FormNode("item"));
            item.Add(new FormNode("name", choice.Name));
            if (choice.Label is { } label)
                item.Add(new FormNode("label", string.Concat(label.In(language, language).Select(part => part.Literal))));
            foreach (var column in choice.Columns)
            {
                if (item.Child(column.Name) is null)
                    item.Add(new FormNode(column.Name, column.Value));
            }
        }

        return above;
    }

    private static FormNode OfInstance(FormInstance instance)
    {
        if (instance.Content is { } content)
        {
            var holder = new FormNode("");
            holder.Add(Copy(content));
            return holder;
        }

        var (above, root) = Root();
        foreach (var row in instance.Rows)
        {
            var item = root.Add(new FormNode("item"));
            for (var i = 0; i < instance.Columns.Count && i < row.Count; i++)
                item.Add(new FormNode(instance.Columns[i], row[i]));
        }

        return above;
    }

    private static (FormNode Above, FormNode Root) Root()
    {
        var above = new FormNode("");
        return (above, above.Add(new FormNode("root")));
    }

    private static FormNode Copy(InstanceNode from)
    {
        var node = new FormNode(from.Name, from.Value ?? "");
        foreach (var child in from.Children)
            node.Add(Copy(child));
        return node;
    }
}
