using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Apps;

/// <summary>Carries a person from the portal, where they are signed in, to an app's host, where they are not known.</summary>
internal sealed class EnterApp(GatewayDb db, Standing standing, People people, AccessConditions conditions, IOptions<AppOptions> options, TimeProvider clock)
{
    // One statement decides: of two redemptions at once, the second one finds RedeemedAt set.
    private const string Take = """
        UPDATE gateway.app_code SET "RedeemedAt" = {0}
        WHERE "CodeHash" = {1} AND "StepHash" = {2} AND "AppId" = {3} AND "RedeemedAt" IS NULL AND "IssuedAt" <= {0} AND "ExpiresAt" > {0}
        """;

    // So that what is long over is not kept.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>At the portal: a code for this person, this sign-in, this app and the browser that holds the step.</summary>
    public async Task<string> IssueAsync(WebApp app, PersonId person, SignInId signIn, byte[] stepHash, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.AppCodes.Where(c => c.ExpiresAt < now - Kept).ExecuteDeleteAsync(cancel);
        await db.AppVisits.Where(v => v.ExpiresAt < now - Kept).ExecuteDeleteAsync(cancel);
        var code = AppCookies.NewToken();
        db.AppCodes.Add(new AppCode
        {
            Id = Guid.CreateVersion7(now),
            AppId = app.Id,
            PersonId = person.Value,
            SignInId = signIn.Value,
            CodeHash = Hash(code),
            StepHash = stepHash,
            IssuedAt = now,
            ExpiresAt = now + options.Value.CodeLife,
        });
        await db.SaveChangesAsync(cancel);
        return code;
    }

    /// <summary>At the app's host: the token of a visit, or null when the code is not good, for whatever reason.</summary>
    public async Task<string?> RedeemAsync(WebApp app, string? code, byte[]? stepHash, string? address, CancellationToken cancel)
    {
        if (AppCookies.HashOf(code) is not { } hash)
            return null;
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Database.ExecuteSqlRawAsync(Take, [now, hash, stepHash ?? [], app.Id], cancel);
        var row = await db.AppCodes.AsNoTracking().SingleOrDefaultAsync(c => c.CodeHash == hash, cancel);
        var actor = await ActorAsync(row, address, cancel);
        var refusal = await RefusalAsync(taken, row, app, stepHash, cancel) ?? await BarredAsync(row, actor, cancel);
        if (refusal is not null || row is null)
        {
            db.Audit(clock, actor, "app.code-refused", app.Subject, app.Name, new { why = refusal });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return null;
        }

        var token = AppCookies.NewToken();
        db.AppVisits.Add(new AppVisit
        {
            Id = Guid.CreateVersion7(now),
            AppId = app.Id,
            PersonId = row.PersonId,
            SignInId = row.SignInId,
            TokenHash = Hash(token),
            EnteredAt = now,
            ExpiresAt = now + options.Value.VisitLife,
        });
        db.Audit(clock, actor, "app.opened", app.Subject, app.Name, new { signIn = row.SignInId });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return token;
    }

    private async Task<string?> RefusalAsync(int taken, AppCode? row, WebApp app, byte[]? stepHash, CancellationToken cancel)
    {
        if (row is null)
            return "unknown";
        if (taken == 1)
            return (await standing.LostAsync([new SignInId(row.SignInId)], cancel)).Count > 0 ? "access-withdrawn" : null;
        if (row.AppId != app.Id)
            return "other-app";
        if (row.RedeemedAt is not null)
            return "used";
        return stepHash is null || !stepHash.AsSpan().SequenceEqual(row.StepHash) ? "other-browser" : "expired";
    }

    // The app's host may be reached from another address than the portal was.
    private async Task<string?> BarredAsync(AppCode? row, Actor actor, CancellationToken cancel) =>
        row is not null && await conditions.AskAsync(
            new AccessAsked(new PersonId(row.PersonId), new SignInId(row.SignInId), AccessTarget.App, IPAddress.TryParse(actor.Address, out var from) ? from : null),
            actor, cancel) is not AccessAnswer.Allowed
            ? "barred"
            : null;

    private async Task<Actor> ActorAsync(AppCode? row, string? address, CancellationToken cancel) =>
        row is not null && await people.FindAsync(new PersonId(row.PersonId), cancel) is { } person
            ? new Actor($"person:{person.Id}", person.UserName, address)
            : new Actor("anonymous", "", address);

    private static byte[] Hash(string token) => AppCookies.HashOf(token) ?? throw new InvalidOperationException("A new token is one.");
}
