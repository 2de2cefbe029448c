using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Relais.Access.Mail;

/// <summary>A mail as the list shows it.</summary>
internal sealed partial record KeptMail(DateTimeOffset At, string To, string Subject, string Text)
{
    /// <summary>The text, its links apart.</summary>
    public IReadOnlyList<string> Parts => Link().Split(Text);

    [GeneratedRegex(@"(?<link>https://[^\s]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}

/// <summary>Mails of a server without a mail server: files for its owner alone, the last ones of which administrators read in the portal.</summary>
internal sealed class MailFolder(IOptions<SmtpOptions> options, IConfiguration configuration)
{
    private const int MostShown = 200;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether mails come here.</summary>
    public bool IsUsed => options.Value.Host.Length == 0;

    public string Path => options.Value.Folder ?? System.IO.Path.Combine(configuration["Relais:Data"] ?? "var", "mail");

    public async Task KeepAsync(MimeMessage message, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
        // By its id, which sorts by time: a mail that is sent again is the same file.
        var file = System.IO.Path.Combine(Path, $"{(message.MessageId ?? "mail").Split('@')[0]}.eml");
        await using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await message.WriteToAsync(stream, cancel);
    }

    /// <summary>The last mails, the newest first.</summary>
    public async Task<IReadOnlyList<KeptMail>> ListAsync(CancellationToken cancel)
    {
        if (!IsUsed || !Directory.Exists(Path))
            return [];
        var mails = new List<KeptMail>();
        foreach (var file in Directory.EnumerateFiles(Path, "*.eml").OrderDescending(StringComparer.Ordinal).Take(MostShown))
        {
            using var message = await MimeMessage.LoadAsync(file, cancel);
            mails.Add(new KeptMail(message.Date, message.To.ToString(), message.Subject ?? "", message.TextBody ?? ""));
        }

        return mails;
    }
}
