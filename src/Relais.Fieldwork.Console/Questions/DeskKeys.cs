using System.Runtime.Versioning;
using Relais.Fieldwork.Console.Desk;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Questions;

/// <summary>What each key does. None of them is a browser's own; all are shown on the screen.</summary>
[SupportedOSPlatform("browser")]
internal static class DeskKeys
{
    /// <summary>F2, then the letter that the texts give each.</summary>
    public static readonly IReadOnlyList<(string Name, Panel Panel)> Actions =
        [("Refusal", Panel.Outcomes), ("Appointment", Panel.Appointment), ("Language", Panel.Languages), ("Comment", Panel.Comment)];

    public static Task PressAsync(InterviewerDesk desk, string key) => (desk.Stage, key) switch
    {
        (_, "F8") => Read(desk),
        (_, "F4") => desk.HangUpKeyAsync(),
        (Stage.Ready, _) when desk.Trainings is { Count: > 1 } forms && OutcomeKeys.Find([.. forms.Select(f => f.Wave)], key) is { } wave => Train(desk, forms.First(f => f.Wave == wave)),
        (Stage.Ready, "Enter") => desk.NextAsync(),
        (Stage.Ended, "Enter") => desk.NextAsync(),
        (Stage.Waiting, "Enter") => desk.ReadyToTalkAsync(),
        (Stage.Waiting, "Escape") => desk.LeaveWaitAsync(),
        (Stage.Calling, "Escape") when desk.Panel != Panel.None => Open(desk, Panel.None),
        (Stage.Calling, "Enter") when desk.Panel == Panel.None => desk.Dials ? LineAsync(desk) : desk.BeginAsync(),
        (Stage.Calling, "r" or "R") when desk is { Panel: Panel.None, Dials: true, OnLine: false, Call: not null } => desk.PlaceAsync(),
        (Stage.Calling, _) when desk.Panel == Panel.None && OutcomeKeys.Find(OutcomeKeys.Calling, key) is { } outcome => desk.ChooseOutcomeAsync(outcome),
        (Stage.Asking, _) => desk.Panel == Panel.None ? AskedAsync(desk, key) : OverAsync(desk, key),
        _ => Task.CompletedTask,
    };

    // What the large button says.
    private static Task LineAsync(InterviewerDesk desk) => desk.Call switch
    {
        { Stage: "answered" } => desk.BeginAsync(),
        { Stage: "ended", Outcome: "answered" } => Task.CompletedTask,
        { Stage: not "ended" } => Task.CompletedTask,
        _ => desk.Proposed is { } outcome ? desk.ChooseOutcomeAsync(outcome) : desk.PlaceAsync(),
    };

    private static Task Read(InterviewerDesk desk)
    {
        desk.ReadFirst();
        return Task.CompletedTask;
    }

    private static Task Train(InterviewerDesk desk, TrainingForm form)
    {
        desk.Train(form);
        return Task.CompletedTask;
    }

    private static Task AskedAsync(InterviewerDesk desk, string key)
    {
        if (key == "F2")
            return Open(desk, Panel.Actions);
        if (desk.Screen is not { } screen)
            return Task.CompletedTask;
        var entry = screen.Active;
        switch (key)
        {
            case "Enter":
                return EnterAsync(desk, entry);
            case "Backspace" when entry?.Day?.Back() is true:
                desk.Redraw();
                return Task.CompletedTask;
            case "ArrowDown" or "ArrowUp" when entry is { Day: { } day }:
                day.Highlight(day.Highlighted + (key == "ArrowDown" ? 1 : -1));
                desk.Redraw();
                return Task.CompletedTask;
            case "Backspace" or "ArrowLeft" or "PageUp":
                return desk.BackAsync();
            case "ArrowRight" or "PageDown":
                return desk.ForwardAsync();
            case "ArrowDown" or "ArrowUp" when entry is { IsSearched: true }:
                entry.Highlight(entry.Highlighted + (key == "ArrowDown" ? 1 : -1));
                desk.Redraw();
                return Task.CompletedTask;
            case " ":
                entry?.EndNumber();
                return Task.CompletedTask;
            case "+" or "1" when screen.Shown.Kind == ScreenKind.AnotherPass:
                return desk.AnotherPassAsync();
        }

        if (entry is { IsTyped: true } && key.Length == 1)
        {
            // Typed before the field was there.
            entry.Typed += key;
            desk.Redraw();
            return Task.CompletedTask;
        }

        return entry is { IsChosen: true, IsSearched: false, TakesAnswer: true } && entry.Press(key) ? desk.PressedAsync(entry) : Task.CompletedTask;
    }

    private static async Task EnterAsync(InterviewerDesk desk, QuestionEntry? entry)
    {
        entry?.EndNumber();
        if (entry is { Day: not null, TakesAnswer: true })
        {
            await desk.EnterDayAsync(entry);
            return;
        }

        // In a search, Enter takes what was found; with nothing sought any more it goes on.
        if (entry is { IsSearched: true, Sought.Length: > 0 })
        {
            if (!entry.Pick() || !await desk.AnswerAsync(entry) || !entry.TakesOne)
                return;
        }

        await desk.ForwardAsync();
    }

    private static Task OverAsync(InterviewerDesk desk, string key)
    {
        if (key is "Escape" or "F2")
            return Open(desk, Panel.None);
        return desk.Panel switch
        {
            Panel.Actions when Action(desk, key) is { } panel => Open(desk, panel),
            Panel.Outcomes when OutcomeKeys.Find(OutcomeKeys.Asking, key) is { } outcome => desk.ChooseOutcomeAsync(outcome),
            Panel.Languages when OutcomeKeys.Find(desk.Interview?.Session.Program.Form.Languages ?? [], key) is { } language => desk.SwitchLanguageAsync(language),
            _ => Task.CompletedTask,
        };
    }

    private static Panel? Action(InterviewerDesk desk, string key)
    {
        foreach (var (name, panel) in Actions)
        {
            if (string.Equals(desk.Text[$"Action.{name}.Key"], key, StringComparison.OrdinalIgnoreCase))
                return panel;
        }

        return null;
    }

    private static Task Open(InterviewerDesk desk, Panel panel)
    {
        desk.Open(panel);
        return Task.CompletedTask;
    }
}
