using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Where an interview stands: a question, a group or time round shown at once, the prompt of a repeat, or the end.</summary>
/// <param name="Live">Null at the end.</param>
internal sealed record Step(Live? Live, ScreenKind Kind)
{
    public static Step End { get; } = new(null, ScreenKind.End);

    /// <summary>The questions shown.</summary>
    public IEnumerable<Live> Questions => Kind != ScreenKind.Questions || Live is null ? []
        : Live.Item.IsShown ? [Live]
        : Live.Below().Where(live => live.Item.IsShown && live.Relevant);
}

/// <summary>The way through an interview as it stands: what is relevant, in its order, up to where it ends.</summary>
internal sealed class Route(LiveForm values, ChoiceOffers offers)
{
    private List<Step> _steps = [];
    private string? _disposition;
    private int _version = -1;

    /// <summary>The same list until something changes.</summary>
    public List<Step> Steps(out string? disposition)
    {
        if (_version != values.Version)
        {
            _steps = Walk(out _disposition);
            _version = values.Version;
        }

        disposition = _disposition;
        return _steps;
    }

    private List<Step> Walk(out string? disposition)
    {
        var steps = new List<Step>();
        disposition = null;
        foreach (var live in values.Top)
        {
            foreach (var step in Walk(live))
            {
                steps.Add(step);
                disposition = step.Questions.Select(Disposition).FirstOrDefault(outcome => outcome is not null);
                if (disposition is null)
                    continue;
                steps.Add(Step.End);
                return steps;
            }
        }

        steps.Add(Step.End);
        return steps;
    }

    private IEnumerable<Step> Walk(Live live)
    {
        if (!live.Relevant)
            return [];
        if (live.Item.IsShown)
            return [new Step(live, ScreenKind.Questions)];
        if (live.IsRepeat)
            return Repeat(live);
        if (live.Item.Item is FormGroup { FieldList: true } or FormRepeat { FieldList: true })
            return live.Below().Any(below => below.Item.IsShown && below.Relevant) ? [new Step(live, ScreenKind.Questions)] : [];
        return Ordered(live).SelectMany(Walk);
    }

    private IEnumerable<Step> Repeat(Live repeat)
    {
        foreach (var pass in repeat.Children)
        {
            foreach (var step in Walk(pass))
                yield return step;
        }

        if (repeat.Item.Count is null)
            yield return new Step(repeat, ScreenKind.AnotherPass);
    }

    private IEnumerable<Live> Ordered(Live group)
    {
        if (group.Item.Order is not { } order)
            return group.Children;
        var names = offers.Recorded(group, order.RecordedIn);
        return group.Children.OrderBy(child => Place(names, child.Item.Item.Name));
    }

    private static int Place(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }

        return int.MaxValue;
    }

    /// <summary>The outcome that a question ends the interview with: a note that is reached, an answer, or the choice taken.</summary>
    private static string? Disposition(Live live)
    {
        var question = live.Item.Question!;
        if (question.Type == QuestionType.Note || live.Node.Text.Length > 0)
        {
            if (question.Disposition is { Length: > 0 } own)
                return own;
        }

        return live.Ending()?.Disposition;
    }
}
