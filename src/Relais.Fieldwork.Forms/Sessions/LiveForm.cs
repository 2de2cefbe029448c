using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>The values of one interview, kept up to date: after a change only what depends on it is evaluated again.</summary>
internal sealed class LiveForm
{
    /// <summary>Most times round one repeat; a count beyond is cut, so that a slip of the keyboard does not fill the memory.</summary>
    public const int MostPasses = 500;

    private readonly FormProgram _program;
    private readonly List<Live>[] _lives;
    private readonly bool[] _dirty;
    private readonly List<Live> _fresh = [];
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private int _first;

    public LiveForm(FormProgram program, EvaluationContext context)
    {
        _program = program;
        Context = context;
        _lives = [.. program.Items.Select(_ => new List<Live>())];
        _dirty = new bool[program.Graph.Ordered.Count];
        _first = _dirty.Length;
        Root = new FormNode(program.Form.Root);
        context.Main = Root;
        foreach (var item in program.Top)
            Top.Add(Build(item, null, Root));
    }

    public EvaluationContext Context { get; }

    public FormNode Root { get; }

    public List<Live> Top { get; } = [];

    /// <summary>Grows with every change: what was worked out for another number may be out of date.</summary>
    public int Version { get; private set; }

    /// <summary>How many aspects were evaluated since the beginning.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Errors of expressions while this interview ran, by what they belong to; each once.</summary>
    public SortedDictionary<string, ExpressionError> Faults { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Live> Of(ProgramItem item) => _lives[item.Index];

    /// <summary>Values that are taken as they are, and not computed: those of a record whose clock is gone.</summary>
    public void Keep(string path) => _kept.Add(path);

    public bool IsKept(string path) => _kept.Contains(path);

    /// <summary>Evaluates everything once, then the defaults that are computed.</summary>
    public void Begin()
    {
        Array.Fill(_dirty, true);
        _first = 0;
        Settle();
    }

    public void Set(Live live, string text)
    {
        if (live.Node.Text == text)
            return;
        live.Node.Text = text;
        Version++;
        Changed(live.Item);
    }

    /// <summary>Something that is shown has changed, though no value did.</summary>
    public void Touch() => Version++;

    /// <summary>Marks what shows texts: the language is another.</summary>
    public void LanguageChanged()
    {
        Version++;
        foreach (var aspect in _program.Graph.Ordered)
        {
            if (aspect.References?.ReadsTexts is true)
                Mark(aspect);
        }
    }

    /// <summary>Evaluates what is marked, in the order in which one follows from the other.</summary>
    public void Settle()
    {
        do
        {
            for (var rank = _first; rank < _dirty.Length; rank++)
            {
                if (!_dirty[rank])
                    continue;
                _dirty[rank] = false;
                Evaluate(_program.Graph.Ordered[rank]);
            }

            _first = _dirty.Length;
            Defaults();
        }
        while (_first < _dirty.Length || _fresh.Count > 0);
    }

    /// <summary>Brings a time round back or adds one; false when there are too many.</summary>
    public bool AddPass(Live repeat)
    {
        if (repeat.Passes >= MostPasses)
            return false;
        if (repeat.Children.Find(pass => !pass.Wanted) is { } kept)
        {
            kept.Wanted = true;
            Refresh(kept);
        }
        else
        {
            NewPass(repeat);
        }

        PassesChanged(repeat);
        return true;
    }

    public void RemovePass(Live pass)
    {
        pass.Parent!.Children.Remove(pass);
        pass.Node.Parent?.Remove(pass.Node);
        foreach (var below in pass.Below())
            _lives[below.Item.Index].Remove(below);
        PassesChanged(pass.Parent);
    }

    private Live Build(ProgramItem item, Live? parent, FormNode around)
    {
        if (item.IsRepeat)
        {
            var repeat = new Live(item, parent, FormNode.Beside(around, item.Item.Name), isPass: false);
            _lives[item.Index].Add(repeat);
            for (var i = ((FormRepeat)item.Item).Initial; i > 0; i--)
                NewPass(repeat);
            return repeat;
        }

        var node = item.HasNode ? around.Add(new FormNode(item.Item.Name, item.Question?.Default ?? "")) : around;
        var live = new Live(item, parent, node, isPass: false);
        _lives[item.Index].Add(live);
        if (item.Default is not null)
            _fresh.Add(live);
        foreach (var child in item.Children)
            live.Children.Add(Build(child, live, node));
        return live;
    }

    private void NewPass(Live repeat)
    {
        var around = repeat.Node.Parent!;
        var node = new FormNode(repeat.Item.Item.Name) { IsRepeat = true };
        // Times round stand side by side, whatever follows them in the record.
        var at = repeat.Children.Count == 0 ? around.Children.Count : Place(around, repeat.Children[^1].Node) + 1;
        around.Insert(at, node);
        var pass = new Live(repeat.Item, repeat, node, isPass: true);
        repeat.Children.Add(pass);
        foreach (var child in repeat.Item.Children)
            pass.Children.Add(Build(child, pass, node));
        Refresh(pass);
        foreach (var below in pass.Below())
        {
            foreach (var kind in Enum.GetValues<AspectKind>())
            {
                if (!below.IsPass && _program.Graph.Find(below.Item, kind) is { } aspect)
                    Mark(aspect);
            }
        }
    }

    private static int Place(FormNode around, FormNode node)
    {
        for (var i = 0; i < around.Children.Count; i++)
        {
            if (ReferenceEquals(around.Children[i], node))
                return i;
        }

        return around.Children.Count - 1;
    }

    private void PassesChanged(Live repeat)
    {
        Version++;
        foreach (var below in repeat.Item.SelfAndBelow())
            Changed(below);
    }

    private void Changed(ProgramItem item)
    {
        if (!_program.Graph.Readers.TryGetValue(item, out var readers))
            return;
        foreach (var reader in readers)
            Mark(reader);
    }

    private void Mark(Aspect aspect)
    {
        _dirty[aspect.Rank] = true;
        _first = Math.Min(_first, aspect.Rank);
    }

    private void Evaluate(Aspect aspect)
    {
        // The list may grow while a count inside a repeat is evaluated.
        var lives = _lives[aspect.Item.Index];
        for (var i = 0; i < lives.Count; i++)
        {
            var live = lives[i];
            if (live.IsPass)
                continue;
            Evaluations++;
            switch (aspect.Kind)
            {
                case AspectKind.Relevance:
                    var value = Value(aspect, live);
                    // Asked rather than silently skipped when its condition cannot be told.
                    live.Wanted = value.IsError || value.ToBoolean();
                    Refresh(live);
                    break;
                case AspectKind.Count when !aspect.IsLazy:
                    Count(live, Value(aspect, live));
                    break;
                case AspectKind.Order:
                    Set(live, Ordering.Names(_program, Context, live, aspect.Item.OrderOf!));
                    break;
                case AspectKind.Calculation when !_kept.Contains(live.Node.Path()):
                    Set(live, Text(Value(aspect, live)));
                    break;
            }
        }
    }

    /// <summary>How many times round a count asks for now.</summary>
    public int Wanted(Live repeat) => repeat.Item.Count is { } count ? Times(Value(_program.Graph.Find(repeat.Item, AspectKind.Count)!, count, repeat)) : 0;

    private static int Times(Value value) => value.ToNumber() is >= 1 and var times ? (int)Math.Min(times, MostPasses) : 0;

    private void Count(Live repeat, Value value)
    {
        var times = Times(value);
        if (repeat.Passes == times)
            return;
        while (repeat.Children.Count < times)
            NewPass(repeat);
        for (var i = 0; i < repeat.Children.Count; i++)
        {
            repeat.Children[i].Wanted = i < times;
            Refresh(repeat.Children[i]);
        }

        PassesChanged(repeat);
    }

    /// <summary>Works out what is relevant from here down, and marks what reads what has changed.</summary>
    private void Refresh(Live live)
    {
        var relevant = live.Wanted && (live.Parent?.Relevant ?? true);
        if (live.Relevant == relevant && live.Node.IsHidden == (live.OwnsNode && !relevant))
            return;
        live.Relevant = relevant;
        if (live.OwnsNode)
            live.Node.IsHidden = !relevant;
        Version++;
        Changed(live.Item);
        foreach (var child in live.Children)
            Refresh(child);
    }

    private void Defaults()
    {
        if (_fresh.Count == 0)
            return;
        var fresh = _fresh.ToList();
        _fresh.Clear();
        foreach (var live in fresh)
        {
            if (live.Node.Text.Length == 0 && live.Item.Default is { } computed)
                Set(live, Text(Watch($"{live.Node.Path()} (default)", computed.Evaluate(Context, live.Node))));
        }
    }

    private Value Value(Aspect aspect, Live live) => Value(aspect, aspect.Expression!, live);

    private Value Value(Aspect aspect, Expression expression, Live live) => Watch(aspect.Name, expression.Evaluate(Context, live.Node));

    public Value Watch(string whose, Value value)
    {
        if (value.Error is { } error)
            Faults.TryAdd(whose, error);
        return value;
    }

    private static string Text(Value value) => value.Kind == ValueKind.Number && double.IsNaN(value.ToNumber()) ? "" : value.ToText();
}
