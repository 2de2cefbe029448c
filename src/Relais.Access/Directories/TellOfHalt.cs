using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using MimeKit;
using Relais.Access.Mail;
using Relais.Kernel.Events;

namespace Relais.Access.Directories;

/// <summary>A synchronisation did nothing because it would have shut too many out.</summary>
internal sealed record DirectoryHalted(Guid Id, Guid Run) : IEvent
{
    public string Key => "directory";
}

/// <summary>Tells every administrator who has an address, in one mail. The page says it, too.</summary>
internal sealed class TellOfHalt(AccessDb db, SendMail mail, IStringLocalizer<DirectoryTexts> text, TimeProvider clock)
{
    public async Task HandleAsync(DirectoryHalted halted, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var run = await db.DirectoryRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == halted.Run, cancel);
        var administrators = await db.People.AsNoTracking()
            .Where(p => p.Roles.Contains(Contracts.Roles.Administrator) && p.Email != null && p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now))
            .Select(p => new { p.DisplayName, p.Email, p.Language }).ToListAsync(cancel);
        if (run is null || administrators.Count == 0)
            return;
        // Of this call alone: what an asynchronous method changes here ends with it.
        System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(administrators[0].Language);
        using var message = new MimeMessage
        {
            MessageId = $"{halted.Run:N}@directory.relais",
            Date = run.At,
            Subject = text["Mail.Halted"],
            Body = new TextPart("plain") { Text = text["Mail.HaltedBody", run.Disabled].Value.ReplaceLineEndings("\r\n") },
        };
        message.To.AddRange(administrators.Select(a => new MailboxAddress(a.DisplayName, a.Email ?? "")));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        // One that is refused for good is not tried again: the page has it.
        if (await mail.HandleAsync(message, cancel) is MailResult.Later later)
            throw new PostponedException(later.Until);
    }
}
