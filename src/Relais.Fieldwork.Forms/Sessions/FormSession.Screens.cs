namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Where the interview stands, and what is shown there.</summary>
public sealed partial class FormSession
{
    private Step _at;
    private string? _disposition;
    private FormScreen? _shown;
    private (Step, int) _shownAt;

    /// <summary>Nothing is left to ask.</summary>
    public bool IsAtEnd => _at.Kind == ScreenKind.End;

    /// <summary>The outcome that a question or choice ended the interview with; null when none did.</summary>
    public string? Disposition
    {
        get
        {
            _route.Steps(out var disposition);
            return disposition;
        }
    }

    /// <summary>What to show now, in the language of the interview.</summary>
    public FormScreen Screen()
    {
        var steps = Steps();
        if (!steps.Contains(_at))
            _at = Nearest(steps);
        if (_shown is { } shown && _shownAt == (_at, _values.Version))
            return shown;
        _shownAt = (_at, _values.Version);
        return _shown = new FormScreen(Key(_at), _at.Kind, Headings(_at.Live), [.. _at.Questions.Select(Question)], _at.Kind == ScreenKind.AnotherPass ? _at.Live!.Passes : 0,
            _at.Kind == ScreenKind.End ? _disposition : null);
    }

    /// <summary>Every screen of the interview as it stands, in order: what can be jumped to.</summary>
    public IReadOnlyList<string> ScreenKeys() => [.. Steps().Select(Key)];

    /// <summary>Goes to the next screen, unless something on this one is missing or doubtful. Leaving a repeat's prompt goes round no more.</summary>
    public FormResult Next(DateTimeOffset at)
    {
        _values.Context.Now = at;
        var problems = _at.Questions.SelectMany(_checks.Of).ToList();
        if (problems.Count > 0)
            return new FormResult(problems);
        Grow(at);
        var steps = Steps();
        var index = steps.IndexOf(_at);
        MoveTo(index < 0 ? Nearest(steps) : steps[Math.Min(index + 1, steps.Count - 1)], at);
        return FormResult.Done;
    }

    /// <summary>Goes to the screen before; false at the first.</summary>
    public bool Back(DateTimeOffset at)
    {
        var steps = Steps();
        var index = steps.IndexOf(_at);
        if (index <= 0)
            return false;
        MoveTo(steps[index - 1], at);
        return true;
    }

    /// <summary>Goes to the screen that a key or the path of a question names; false when it is not asked in this interview.</summary>
    public bool JumpTo(string path, DateTimeOffset at)
    {
        if (Steps().Find(step => Key(step) == path || step.Questions.Any(live => live.Node.Path() == path)) is not { } found)
            return false;
        MoveTo(found, at);
        return true;
    }

    /// <summary>All that is wrong or missing in the whole interview, in order. Empty: it can be completed.</summary>
    public IReadOnlyList<FormProblem> Problems() => [.. Steps().SelectMany(step => step.Questions).SelectMany(_checks.Of)];

    private List<Step> Steps() => _route.Steps(out _disposition);

    private void MoveTo(Step step, DateTimeOffset at)
    {
        _at = step;
        foreach (var live in step.Questions.SelectMany(question => question.Around()).Distinct().ToList())
        {
            if (TimeOf(live) is { Node.Text.Length: 0 } && live.OwnsNode)
                Do(FormEventKind.Shown, live.Node.Path(), "", at);
        }
    }

    /// <summary>A repeat that goes on as long as its own answers say so gets its next time round when the last one is left.</summary>
    private void Grow(DateTimeOffset at)
    {
        foreach (var item in Program.Items)
        {
            if (item.Count is null || !(Program.Graph.Find(item, AspectKind.Count)?.IsLazy ?? false))
                continue;
            foreach (var repeat in _values.Of(item).ToList())
            {
                if (repeat.Relevant && repeat.Children.TrueForAll(IsDone) && _values.Wanted(repeat) > repeat.Passes)
                    Do(FormEventKind.AddPass, repeat.Node.Path(), "", at);
            }
        }
    }

    private bool IsDone(Live pass) => !pass.Wanted || !pass.Below().SelectMany(_checks.Of).Any();

    private bool IsLazy(Live repeat) => Program.Graph.Find(repeat.Item, AspectKind.Count)?.IsLazy ?? false;

    // Where it stood is not asked any more: the first thing after the last answer that still is.
    private Step Nearest(List<Step> steps)
    {
        for (var i = _events.Count - 1; i >= 0; i--)
        {
            if (_events[i].Kind != FormEventKind.Answer)
                continue;
            var index = steps.FindIndex(step => step.Questions.Any(live => live.Node.Path() == _events[i].Path));
            if (index >= 0)
                return steps[index].Questions.SelectMany(_checks.Of).Any() ? steps[index] : steps[Math.Min(index + 1, steps.Count - 1)];
        }

        return steps[0];
    }

    private void Resume() => _at = Nearest(Steps());

    private static string Key(Step step) => step.Kind == ScreenKind.End ? "" : KeyOf(step.Live!);

    // A group without a node of its own is named by its first question.
    private static string KeyOf(Live live) => live.OwnsNode || live.IsRepeat ? live.Node.Path() : live.Below().First(below => below.Item.IsShown).Node.Path();

    private List<string> Headings(Live? live)
    {
        var headings = new List<string>();
        for (var around = live; around is not null; around = around.Parent)
        {
            if (!around.Item.IsShown && !around.IsRepeat && _texts.Render(around.Item.Item.Label, around) is { Length: > 0 } label)
                headings.Insert(0, label);
        }

        return headings;
    }

    private ScreenQuestion Question(Live live)
    {
        var question = live.Item.Question!;
        var chosen = live.Node.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ScreenQuestion(live.Node.Path(), question, live.Node.Text)
        {
            Label = _texts.Render(question.Label, live),
            Hint = _texts.Render(question.Hint, live),
            Guidance = _texts.Render(question.Guidance, live),
            Instruction = _texts.Render(question.Instruction, live),
            IsRequired = live.Item.IsAsked && _checks.IsRequired(live),
            IsReadOnly = !live.Item.IsAsked || _checks.IsReadOnly(live),
            Comment = _comments.GetValueOrDefault(live, ""),
            Choices = [.. _offers.For(live).Select(offer => new ScreenChoice(
                offer.Name, _offers.Label(offer, live), offer.Definition?.DoNotRead ?? false, Array.IndexOf(chosen, offer.Name) >= 0, offer.Definition))],
        };
    }

    /// <summary>The question, repeat or time round at a path with positions.</summary>
    private Live? Find(string path)
    {
        var plain = WithoutPositions(path);
        if (Program.Find(plain) is not { } item)
            return null;
        foreach (var live in _values.Of(item))
        {
            if (live.IsRepeat && path.EndsWith(']'))
            {
                if (live.Children.Find(pass => pass.Node.Path() == path) is { } pass)
                    return pass;
            }
            else if (item.Repeat is null || live.Node.Path() == path)
            {
                return live;
            }
        }

        return null;
    }

    private static string WithoutPositions(string path)
    {
        if (!path.Contains('[', StringComparison.Ordinal))
            return path;
        var built = new System.Text.StringBuilder(path.Length);
        var within = false;
        foreach (var c in path)
        {
            within |= c == '[';
            if (!within)
                built.Append(c);
            within &= c != ']';
        }

        return built.ToString();
    }
}
