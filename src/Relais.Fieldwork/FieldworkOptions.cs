using System.ComponentModel.DataAnnotations;

namespace Relais.Fieldwork;

/// <summary>How long cases stay with an interviewer who gives no sign.</summary>
public sealed class FieldworkOptions
{
    public const string Section = "Fieldwork";

    /// <summary>Before an interview has begun: then the case comes back to the others.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Once an interview has begun: a dead network or another computer must not lose it. Then its quota slot is released.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan InterviewHoldFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often the nodes look for cases and appointments that nobody looked after.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CareEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the line stays open after an interview has ended, to say goodbye.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:30:00")]
    public TimeSpan LineAfterEnd { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the answers to commands are kept, for those that are sent again.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "90.00:00:00")]
    public TimeSpan KeepCommands { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long it is kept when somebody's console was open.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "400.00:00:00")]
    public TimeSpan KeepPresence { get; set; } = TimeSpan.FromDays(180);
}
