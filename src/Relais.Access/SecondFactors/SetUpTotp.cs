using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.SecondFactors;

/// <summary>What the page shows of a new secret.</summary>
internal sealed record TotpOffer(string Offer, string Key, string QrPath, int QrSide);

internal abstract record SetUpOutcome
{
    private SetUpOutcome() { }

    /// <summary>The recovery codes are shown this once; there are none when the person has some already.</summary>
    internal sealed record Done(IReadOnlyList<string> RecoveryCodes) : SetUpOutcome;

    internal sealed record WrongCode : SetUpOutcome;

    internal sealed record OfferTooOld : SetUpOutcome;
}

/// <summary>Turns the authenticator app on, once a code proves that it has the secret. Replaces the app there was before.</summary>
internal sealed class SetUpTotp(AccessDb db, TotpSecrets secrets, TimeProvider clock)
{
    private const string Issuer = "Relais";

    /// <summary>Shows the same offer again after a wrong code: the app has been given it already.</summary>
    public TotpOffer Offer(HttpContext context, string? again = null)
    {
        var person = context.User.PersonId().Value;
        var (secret, offer) = secrets.Accept(person, again) is { } offered && again is not null ? (offered, again) : secrets.Offer(person);
        var key = Base32.Encode(secret);
        var name = Uri.EscapeDataString(context.User.Identity?.Name ?? "");
        var (path, side) = QrCode.Draw($"otpauth://totp/{Issuer}:{name}?secret={key}&issuer={Issuer}");
        return new TotpOffer(offer, Base32.Grouped(key), path, side);
    }

    public async Task<SetUpOutcome> HandleAsync(HttpContext context, string? offer, string code, CancellationToken cancel)
    {
        var (id, signIn) = (context.User.PersonId().Value, context.User.SignInId().Value);
        if (secrets.Accept(id, offer) is not { } secret)
            return new SetUpOutcome.OfferTooOld();
        if (Totp.Find(secret, code, clock.GetUtcNow(), lastStep: 0) is not { } step)
            return new SetUpOutcome.WrongCode();

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await db.People.SingleAsync(p => p.Id == id, cancel);
        person.TotpSecret = secrets.Seal(secret);
        person.TotpLastStep = step;
        await StepUp.GivenAsync(db, signIn, clock.GetUtcNow(), cancel);
        var codes = await db.RecoveryCodes.AnyAsync(c => c.PersonId == id, cancel) ? [] : await RecoveryCodes.ReplaceAsync(db, id, cancel);
        db.Audit(clock, Actor.Of(context), "person.authenticator-set-up", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new SetUpOutcome.Done(codes);
    }
}
