using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>
/// Training: the same screens and keys with the real questionnaire and made-up respondents. All of it stays in this page's memory: nothing is written to the disk,
/// nothing is sent, and with the page it is gone.
/// </summary>
internal sealed partial class InterviewerDesk
{
    private TrainingForm? _exercise;
    private int _exercises;

    /// <summary>Whether all that is shown is made up.</summary>
    public bool Training => _exercise is not null;

    /// <summary>What may be trained with; null: not asked for yet.</summary>
    public IReadOnlyList<TrainingForm>? Trainings { get; private set; }

    /// <summary>Shows what there is to train with; when it is one thing, begins.</summary>
    public Task ChooseTrainingAsync() => OnceAsync(async () =>
    {
        var reply = await ServerCalls.TrainingsAsync();
        if (reply.Read(WireJson.Default.ListTrainingForm) is not { } forms)
        {
            Notice = Words(reply);
            return;
        }

        Notice = forms.Count == 0 ? Text["Training.None"] : "";
        Trainings = forms;
        if (forms.Count == 1)
            Train(forms[0]);
    });

    public void Train(TrainingForm form)
    {
        (_exercise, _exercises, Trainings, Notice) = (form, 0, null, "");
        NextExercise();
        _ = SignAsync();
    }

    /// <summary>Everything of the training is dropped at once.</summary>
    public Task LeaveTrainingAsync()
    {
        (_exercise, Trainings, Held, Interview, Screen, Panel) = (null, null, null, null, null, Panel.None);
        return ReadyAsync();
    }

    private void NextExercise()
    {
        if (_exercise is not { Respondents: { Count: > 0 } respondents } exercise)
            return;
        var respondent = respondents[_exercises++ % respondents.Count];
        (Last, Interview, Screen, Panel) = (null, null, null, Panel.None);
        Held = new HeldCase(0, 0, exercise.Wave, exercise.Questionnaire, respondent.Key, Text.Language, exercise.Zone, [new HeldNumber(0, respondent.Number)], 0, false, false);
        Show(Stage.Calling);
    }

    private async Task BeginExerciseAsync(HeldCase held, TrainingForm exercise)
    {
        if (await RunningInterview.ProgramAsync(exercise.Questionnaire, keep: false) is not { } program)
        {
            Notice = Text["Offline"];
            return;
        }

        var respondent = exercise.Respondents.First(r => r.Key == held.Key);
        var start = new SessionStart(_exercises, Now) { Language = held.Language, Username = Settings.Name, Known = respondent.Fields };
        (Interview, Notice, Panel) = (RunningInterview.Exercise(new Begun(Guid.Empty, 0, exercise.Questionnaire, start, []), held, program), "", Panel.None);
        Delivery = new Delivery("sent", 0, "", false);
        Refresh();
        Show(Stage.Asking);
    }

    private void EndExercise(string outcome, CallWish? wish)
    {
        (Last, Held, Interview, Screen, Panel) = (new Closed(outcome, wish is { } asked ? new DateTimeOffset(DateTime.SpecifyKind(asked.LocalTime, DateTimeKind.Unspecified), TimeSpan.FromMinutes(Settings.Offset)) : null), null, null, null, Panel.None);
        Show(Stage.Ended);
    }
}
