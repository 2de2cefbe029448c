namespace Relais.Fieldwork.Console.Desk;

/// <summary>How a call ends, before or during the questions.</summary>
internal sealed partial class InterviewerDesk
{
    public Task ChooseOutcomeAsync(string code)
    {
        if (code != OutcomeKeys.Appointment)
            return FinishAsync(code, null, null);
        Open(Panel.Appointment);
        return Task.CompletedTask;
    }

    /// <summary>The respondent is called again when they said. Of an interview that has begun, what was answered waits until then.</summary>
    public Task MakeAppointmentAsync(CallWish wish, string? comment) => FinishAsync(OutcomeKeys.Appointment, wish, comment);

    private Task FinishAsync(string code, CallWish? wish, string? comment)
    {
        Panel = Panel.None;
        return Stage == Stage.Calling ? CloseAsync(code, wish, comment) : EndAsync(code, wish, comment);
    }
}
