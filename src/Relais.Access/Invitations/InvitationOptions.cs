using System.ComponentModel.DataAnnotations;

namespace Relais.Access.Invitations;

/// <summary>How people who were enrolled are let in for the first time.</summary>
public sealed class InvitationOptions
{
    public const string Section = "Access:Invitations";

    /// <summary>How long an invitation may wait to be used.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The portal as the invited reach it, such as <c>https://relais.example.org/</c>. Null: as whoever invites has it open. The command line needs it.
    /// </summary>
    public Uri? Portal { get; set; }
}
