using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Questions;

/// <summary>A screen of the questionnaire while it is answered: which of its questions the keys belong to.</summary>
public sealed class AnswerScreen
{
    private int _active;

    public AnswerScreen(FormScreen shown, FormDefinition form)
    {
        Shown = shown;
        Entries = [.. shown.Questions.Select(q => new QuestionEntry(q, form))];
        _active = Math.Max(0, Entries.FindIndex(e => e.TakesAnswer));
    }

    public FormScreen Shown { get; }

    public List<QuestionEntry> Entries { get; }

    public QuestionEntry? Active => _active < Entries.Count ? Entries[_active] : null;

    /// <summary>To the next question of this screen that takes an answer; false when there is none.</summary>
    public bool MoveOn() => Move(Entries.FindIndex(Math.Min(_active + 1, Entries.Count), e => e.TakesAnswer));

    public bool MoveBack() => Move(_active == 0 ? -1 : Entries.FindLastIndex(_active - 1, e => e.TakesAnswer));

    /// <summary>To the question of this path, if it is on this screen.</summary>
    public void Show(string path) => Move(Entries.FindIndex(e => e.Path == path));

    private bool Move(int index)
    {
        if (index < 0)
            return false;
        _active = index;
        return true;
    }
}

/// <summary>One question with what was typed so far.</summary>
public sealed class QuestionEntry
{
    private const int MostFound = 8;

    private readonly List<string> _selected;
    private readonly string _stored;
    private string _digits = "";
    private string _sought = "";
    private IReadOnlyList<ScreenChoice>? _found;
    private StationSearch? _search;

    public QuestionEntry(ScreenQuestion question, FormDefinition form)
    {
        Question = question;
        _stored = question.Value;
        Typed = IsChosen ? "" : question.Value;
        _selected = IsChosen ? [.. question.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : [];
        Keys = IsChosen ? ChoiceKeys.Of(question.Choices) : [];
        Day = question.Definition.ListeningDay is { } day ? new DayEntry(form, day, question.Value) : null;
    }

    public ScreenQuestion Question { get; }

    public string Path => Question.Path;

    /// <summary>What stands in the field, as typed.</summary>
    public string Typed { get; set; }

    /// <summary>The day before, of a question that asks for it.</summary>
    public DayEntry? Day { get; }

    /// <summary>The key of each choice, in their order.</summary>
    public IReadOnlyList<string> Keys { get; }

    public IReadOnlyList<string> Selected => _selected;

    /// <summary>Too many to read out: found by typing.</summary>
    public bool IsSearched => IsChosen && Question.Choices.Count > ChoiceKeys.MostShown;

    public bool IsChosen => Question.Definition.Type is QuestionType.SelectOne or QuestionType.SelectMultiple or QuestionType.Rank;

    public bool TakesOne => Question.Definition.Type == QuestionType.SelectOne;

    public bool TakesAnswer => Question.Definition.Type is not QuestionType.Note && !Question.IsReadOnly;

    /// <summary>Typed into a field, and not chosen.</summary>
    public bool IsTyped => TakesAnswer && !IsChosen && Question.Definition.Type is not (QuestionType.Acknowledge or QuestionType.ListeningDay);

    /// <summary>What is to be stored.</summary>
    public string Value => !TakesAnswer ? _stored
        : IsChosen ? string.Join(' ', _selected)
        : Day is not null ? Day.Value
        : Question.Definition.Type == QuestionType.Acknowledge ? "OK"
        : Typed.Trim();

    public bool IsSelected(string name) => _selected.Contains(name);

    /// <summary>The choice that a key means now: digits build up a number as long as there is such a choice.</summary>
    /// <returns>Whether a choice changed.</returns>
    public bool Press(string key)
    {
        var longer = _digits + key;
        if (_digits.Length > 0 && Find(longer) is { } further)
        {
            // The first digit chose another one, which was not meant.
            if (Find(_digits) is { } before)
                Toggle(before);
            _digits = longer;
            Toggle(further);
            return true;
        }

        _digits = Keys.Any(k => k.Length > key.Length && k.StartsWith(key, StringComparison.OrdinalIgnoreCase)) ? key : "";
        if (Find(key) is not { } found)
            return false;
        Toggle(found);
        return true;
    }

    /// <summary>What is typed to find a choice among many.</summary>
    public string Sought
    {
        get => _sought;
        set => (_sought, Highlighted, _found) = (value, 0, null);
    }

    /// <summary>The choices that fit what is sought, the best first.</summary>
    public IReadOnlyList<ScreenChoice> Found => _found ??= Find();

    /// <summary>Which of <see cref="Found"/> Enter takes.</summary>
    public int Highlighted { get; private set; }

    public void Highlight(int index) => Highlighted = Math.Clamp(index, 0, Math.Max(0, Found.Count - 1));

    /// <summary>Takes the choice that is highlighted; false when nothing is sought or nothing found.</summary>
    public bool Pick()
    {
        if (Highlighted >= Found.Count)
            return false;
        Toggle(Found[Highlighted].Name);
        Sought = "";
        return true;
    }

    /// <summary>What comes next is another number.</summary>
    public void EndNumber() => _digits = "";

    public void Toggle(string name)
    {
        if (TakesOne)
        {
            _selected.Clear();
            _selected.Add(name);
        }
        else if (!_selected.Remove(name))
        {
            _selected.Add(name);
        }
    }

    private List<ScreenChoice> Find()
    {
        if (Sought.Trim().Length == 0)
            return [.. Question.Choices.Take(MostFound)];
        _search ??= new StationSearch(Question.Choices.Select(c => c.Definition ?? new Choice(c.Name, null, Origin.File)));
        return [.. _search.Find(Sought, MostFound).Select(hit => Question.Choices.First(c => c.Name == hit.Station.Name))];
    }

    private string? Find(string key)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            if (string.Equals(Keys[i], key, StringComparison.OrdinalIgnoreCase))
                return Question.Choices[i].Name;
        }

        return null;
    }
}
