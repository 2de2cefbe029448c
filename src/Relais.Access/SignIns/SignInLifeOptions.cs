using System.ComponentModel.DataAnnotations;

namespace Relais.Access.SignIns;

/// <summary>How long a sign-in lasts.</summary>
public sealed class SignInLifeOptions
{
    public const string Section = "Access:SignIn";

    /// <summary>However much it is used: a working day, with its breaks.</summary>
    [Range(typeof(TimeSpan), "00:15:00", "30.00:00:00")]
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(16);

    /// <summary>Without any request. A desktop that stays open is not cut by it; only the next page asks to sign in.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan IdleLife { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How recent a proof of identity must be for changes of passwords, second factors and passkeys.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "08:00:00")]
    public TimeSpan ProofLife { get; set; } = TimeSpan.FromMinutes(10);
}
