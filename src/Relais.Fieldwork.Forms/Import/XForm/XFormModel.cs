using System.Xml.Linq;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>A node of the main instance.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Value">Its text at the start, when it has no children.</param>
/// <param name="IsLeaf">It has no children.</param>
/// <param name="Origin">Where it stands.</param>
internal sealed record ModelNode(string Path, string Value, bool IsLeaf, Origin Origin)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Parent => Path[..Path.LastIndexOf('/')];

    /// <summary>How many stand in a new interview; templates do not count.</summary>
    public int Instances { get; set; }
}

/// <summary>The model of an XForm: the nodes of its main instance, its binds, and what is set when.</summary>
internal sealed class XFormModel
{
    private readonly Dictionary<string, XElement> _binds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, XElement> _set = new(StringComparer.Ordinal);
    private readonly ILookup<string, ModelNode> _children;
    private readonly FindingList _findings;

    public XFormModel(XElement model, XElement main, FindingList findings)
    {
        (_findings, Root) = (findings, main.Name.LocalName);
        Add(main, "", template: false);
        _children = Nodes.Values.ToLookup(node => node.Parent, StringComparer.Ordinal);
        foreach (var element in model.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "bind":
                    Bind(element);
                    break;
                case "setvalue":
                    SetValue(element);
                    break;
                case "instance" or "itext" or "submission":
                    break;
                default:
                    findings.Add(Say.ElementNotRead(element.Origin(), element.Name.LocalName));
                    break;
            }
        }
    }

    public string Root { get; }

    /// <summary>Every node once, in document order, by path.</summary>
    public Dictionary<string, ModelNode> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>The nodes directly inside one, in document order.</summary>
    public IEnumerable<ModelNode> ChildrenOf(string path) => _children[path];

    public XElement? BindOf(string path) => _binds.GetValueOrDefault(path);

    /// <summary>What sets a node when the interview, or a pass of its repeat, begins.</summary>
    public XElement? SetterOf(string path) => _set.GetValueOrDefault(path);

    /// <summary>A reference as an absolute path, from the root when it is relative and no context is given.</summary>
    public string Absolute(string reference, string? context = null)
    {
        var text = reference.Trim();
        if (text.StartsWith('/'))
            return text;
        var steps = (context ?? "/" + Root).Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var step in text.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (step == ".." && steps.Count > 0)
                steps.RemoveAt(steps.Count - 1);
            else if (step is not ("." or ".." or "current()"))
                steps.Add(step);
        }

        return "/" + string.Join('/', steps);
    }

    /// <summary>Notes a setvalue, from the model or the body.</summary>
    public void SetValue(XElement action)
    {
        var events = (action.Get("event") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (events.Length == 0 || events.Any(e => e is not ("odk-instance-first-load" or "odk-instance-load" or "odk-new-repeat" or "xforms-ready")))
        {
            _findings.Add(Say.UnsupportedAction(action.Origin(), "setvalue " + string.Join(' ', events)));
            return;
        }

        if ((action.Get("ref") ?? action.Get("nodeset") ?? action.Get("bind")) is { } reference && Absolute(reference) is var path && Nodes.ContainsKey(path))
            _set.TryAdd(path, action);
        else
            _findings.Add(Say.RefToNothing(action.Origin(), action.Get("ref") ?? "setvalue"));
    }

    private void Bind(XElement bind)
    {
        if ((bind.Get("nodeset") ?? bind.Get("ref")) is { } nodeset)
            _binds.TryAdd(Absolute(nodeset), bind);
    }

    private void Add(XElement element, string around, bool template)
    {
        var path = around + "/" + element.Name.LocalName;
        template |= element.Jr("template") is not null || element.Attributes().Any(a => a.Name.LocalName == "template");
        if (!Nodes.TryGetValue(path, out var node))
            Nodes[path] = node = new ModelNode(path, element.HasElements ? "" : element.Value.Trim(), !element.HasElements, element.Origin());
        node.Instances += template ? 0 : 1;
        foreach (var child in element.Elements())
            Add(child, path, template);
    }
}
