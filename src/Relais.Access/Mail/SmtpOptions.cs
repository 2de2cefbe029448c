using System.ComponentModel.DataAnnotations;

namespace Relais.Access.Mail;

/// <summary>The mail server. Without one, mails go to a folder that administrators open in the portal: for trying Relais, not for an institute.</summary>
public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Smtp";

    /// <summary>Name or address of the server; empty for the folder.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>The account there, if it wants one.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>Whom mails are from.</summary>
    public string From { get; set; } = "relais@localhost";

    public string FromName { get; set; } = "Relais";

    /// <summary>How long the server may take over one step.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where mails go when there is no server; "mail" in the data directory by default.</summary>
    public string? Folder { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!System.Net.Mail.MailAddress.TryCreate(From, out _))
            yield return new ValidationResult("Smtp:From must be a mail address.", [nameof(From)]);
        if (Host.Length > 0 && Security is SmtpSecurity.None && !string.IsNullOrEmpty(Password))
            yield return new ValidationResult("Smtp:Password would cross the network in the clear: set Smtp:Security to StartTls or Tls.", [nameof(Security)]);
    }
}

public enum SmtpSecurity
{
    /// <summary>In the clear: a server on this machine only.</summary>
    None,

    /// <summary>TLS before the first mail, or none is sent (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,
}
