using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using MimeKit;
using Relais.Access.Accounts;
using Relais.Access.Mail;
using Relais.Kernel.Events;
using Relais.Portal.Kit;

namespace Relais.Access.Invitations;

/// <summary>
/// Hands an invitation to the mail server. A server that is away is tried again until the invitation does not hold any more; an address that it refuses is
/// not.
/// </summary>
internal sealed class SendInvitation(
    AccessDb db, InvitationToken tokens, SendMail mail, IStringLocalizer<PeopleTexts> text, IOptions<PlaceOptions> place, TimeProvider clock)
{
    public async Task HandleAsync(InvitationDue due, CancellationToken cancel)
    {
        var invitation = await db.Invitations.Include(i => i.Person).SingleOrDefaultAsync(i => i.Id == due.Invitation, cancel);
        if (invitation is not { SentAt: null, Refused: false, Person: { Email: not null, PasswordHash: null } person }
            || !invitation.Holds(clock.GetUtcNow()) || !person.MaySignIn(clock.GetUtcNow()))
            return;

        using var message = Compose(invitation, person);
        switch (await mail.HandleAsync(message, cancel))
        {
            case MailResult.Taken:
                invitation.SentAt = clock.GetUtcNow();
                invitation.Failure = null;
                break;
            case MailResult.Refused refused:
                invitation.Failure = Shorten(refused.Why);
                invitation.Refused = true;
                break;
            case MailResult.Later later:
                invitation.Failure = later.Why is { } why ? Shorten(why) : invitation.Failure;
                await db.SaveChangesAsync(cancel);
                throw new PostponedException(later.Until);
        }

        await db.SaveChangesAsync(cancel);
    }

    private MimeMessage Compose(Invitation invitation, Person person)
    {
        // Of this call alone: what an asynchronous method changes here ends with it.
        var culture = CultureInfo.GetCultureInfo(person.Language);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        var link = tokens.LinkOf(invitation);
        var until = place.Value.Local(invitation.ExpiresAt).ToString("f", culture);
        var message = new MimeMessage
        {
            // The same when it is sent again, so that a mailbox shows it once.
            MessageId = $"{invitation.Id:N}@{new Uri(invitation.Portal).Host}",
            Date = invitation.CreatedAt,
            Subject = text["Mail.Subject"],
            Body = new TextPart("plain") { Text = text["Mail.Body", person.DisplayName, link, person.UserName ?? "", until].Value.ReplaceLineEndings("\r\n") },
        };
        message.To.Add(new MailboxAddress(person.DisplayName, person.Email ?? ""));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static string Shorten(string why) => why.Length > Invitation.FailureLength ? why[..Invitation.FailureLength] : why;
}
