namespace Relais.Fieldwork.Appointments;

internal enum AppointmentState
{
    Waiting,
    Kept,
    Missed,
    Cancelled,
}

/// <summary>When a respondent asked to be called.</summary>
internal sealed class Appointment
{
    public required Guid Id { get; init; }

    public required long CaseId { get; init; }

    public required int WaveId { get; init; }

    /// <summary>The instant; the respondent was told it in their own zone.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>A promise: served before all else. Otherwise "some time around".</summary>
    public required bool Hard { get; init; }

    /// <summary>For this interviewer first; null: for anyone.</summary>
    public Guid? PersonId { get; init; }

    public AppointmentState State { get; set; } = AppointmentState.Waiting;

    public required DateTimeOffset MadeAt { get; init; }
}
