using System.Globalization;
using System.Runtime.CompilerServices;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;

namespace Relais.Fieldwork.Console.Questions;

/// <summary>What is typed next of a stretch of listening.</summary>
public enum DayStep
{
    Hours,
    Station,
    Place,
    Device,
}

/// <summary>What Enter did.</summary>
public enum DayDone
{
    /// <summary>The next field of the same stretch.</summary>
    Step,

    /// <summary>The journal changed.</summary>
    Changed,

    /// <summary>Nothing more to tell.</summary>
    Finished,
}

/// <summary>The day before, typed into one field: hours, station, place, device, and again. <c>7-830</c> Enter, <c>oce</c> Enter, <c>1</c>, <c>2</c>.</summary>
public sealed class DayEntry
{
    private const int MostFound = 8;
    private const string TakeBack = "x";

    // Of some hundred stations, each in its spellings: made once for a questionnaire, and not each time that the day is shown.
    private static readonly ConditionalWeakTable<IReadOnlyList<Choice>, StationSearch> Searches = [];

    private readonly FormDefinition _form;
    private readonly StationSearch _search;
    private readonly List<string> _stations = [];
    private (int From, int To) _stretch;
    private string _place = "";
    private string _typed = "";

    public DayEntry(FormDefinition form, ListeningDay day, string stored)
    {
        (_form, Day) = (form, day);
        _search = Search(form, day);
        Journal = stored.Length > 0 ? ListeningJournal.Parse(stored, out _) : null;
    }

    public ListeningDay Day { get; }

    /// <summary>Null: not asked yet. Without entries: a day without radio.</summary>
    public ListeningJournal? Journal { get; private set; }

    public DayStep Step { get; private set; }

    /// <summary>What was typed does not fit the step.</summary>
    public bool IsWrong { get; private set; }

    public int Highlighted { get; private set; }

    public IReadOnlyList<string> Stations => _stations;

    public IReadOnlyList<StationHit> Found { get; private set; } = [];

    public string Typed
    {
        get => _typed;
        set
        {
            (_typed, IsWrong, Highlighted) = (value, false, 0);
            Found = Step == DayStep.Station ? _search.Find(value, MostFound) : [];
        }
    }

    /// <summary>The choices of the step that are taken by their number.</summary>
    public IReadOnlyList<Choice> Numbered => Step switch
    {
        DayStep.Place => Choices(Day.Places),
        DayStep.Device => Choices(Day.Devices),
        _ => [],
    };

    /// <summary>What is read aloud to remind the respondent of a moment of which nothing is noted; null when there is none left.</summary>
    public ListeningMoment? Moment => ListeningMoments.Of(_form, Day, Journal ?? new ListeningJournal([])).FirstOrDefault(moment => !moment.IsCovered);

    public string Value => Journal?.Write() ?? "";

    public void Highlight(int index) => Highlighted = Math.Clamp(index, 0, Math.Max(0, Found.Count - 1));

    /// <summary>The words of a name in one of the lists.</summary>
    public string Label(string? list, string name, string language) =>
        Choices(list).FirstOrDefault(choice => choice.Name == name)?.Label is { } label
            ? string.Concat(label.In(language, _form.DefaultLanguage).Select(part => part.Literal))
            : name;

    /// <summary>Makes what its questions of the day will search in, so that none waits for it.</summary>
    public static void Prepare(FormDefinition form)
    {
        foreach (var question in form.Questions())
        {
            if (question.ListeningDay is { } day)
                Search(form, day);
        }
    }

    public DayDone Enter() => Step switch
    {
        DayStep.Hours => Hours(),
        DayStep.Station => Station(),
        _ => Number(),
    };

    /// <summary>Back to the field before; false at the first.</summary>
    public bool Back()
    {
        if (Step == DayStep.Hours)
            return false;
        if (Step == DayStep.Station)
            _stations.Clear();
        GoTo(Step - 1);
        return true;
    }

    public void Remove(int index) => Journal = new ListeningJournal([.. (Journal?.Entries ?? []).Where((_, i) => i != index)]);

    private DayDone Hours()
    {
        var typed = Typed.Trim();
        if (typed.Length == 0 && Journal is not null)
            return DayDone.Finished;
        if (typed is ListeningJournal.Nothing or "0")
        {
            (Journal, Typed) = (new ListeningJournal([]), "");
            return DayDone.Changed;
        }

        if (typed.Equals(TakeBack, StringComparison.OrdinalIgnoreCase) && Journal is { Entries.Count: > 0 and var count })
        {
            Remove(count - 1);
            Typed = "";
            return DayDone.Changed;
        }

        if (ListeningTime.ReadStretch(typed, Day) is not { } stretch)
        {
            IsWrong = true;
            return DayDone.Step;
        }

        _stretch = stretch;
        _stations.Clear();
        GoTo(DayStep.Station);
        return DayDone.Step;
    }

    // A station, another one, and with nothing typed the next field.
    private DayDone Station()
    {
        if (Typed.Trim().Length > 0)
        {
            if (Highlighted >= Found.Count)
            {
                IsWrong = true;
                return DayDone.Step;
            }

            var name = Found[Highlighted].Station.Name;
            if (!_stations.Contains(name))
                _stations.Add(name);
            Typed = "";
            return DayDone.Step;
        }

        IsWrong = _stations.Count == 0;
        if (IsWrong)
            return DayDone.Step;
        GoTo(DayStep.Place);
        return Number();
    }

    // Lists that the form does not have, and what is not known, are passed over.
    private DayDone Number()
    {
        while (true)
        {
            var choices = Numbered;
            var picked = "";
            if (choices.Count > 0)
            {
                if (Typed.Trim() is not { Length: > 0 } typed)
                    return DayDone.Step;
                if (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > choices.Count)
                {
                    IsWrong = true;
                    return DayDone.Step;
                }

                picked = number == 0 ? "" : choices[number - 1].Name;
            }

            if (Step == DayStep.Device)
            {
                Journal = new ListeningJournal([.. Journal?.Entries ?? [], new ListeningEntry(_stretch.From, _stretch.To, [.. _stations], _place, picked)]);
                _stations.Clear();
                GoTo(DayStep.Hours);
                return DayDone.Changed;
            }

            _place = picked;
            GoTo(DayStep.Device);
        }
    }

    private void GoTo(DayStep step)
    {
        Step = step;
        Typed = "";
    }

    private IReadOnlyList<Choice> Choices(string? list) => Choices(_form, list);

    private static IReadOnlyList<Choice> Choices(FormDefinition form, string? list) => form.Lists.FirstOrDefault(l => l.Name == list)?.Choices ?? [];

    private static StationSearch Search(FormDefinition form, ListeningDay day) =>
        Searches.GetValue(Choices(form, day.Stations), static stations => new StationSearch(stations));
}
