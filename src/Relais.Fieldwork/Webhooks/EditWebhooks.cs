using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Steering;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Webhooks;

/// <summary>What somebody says of a subscription.</summary>
/// <param name="Kinds">Some of <see cref="ChangeKinds.All"/>; empty: all.</param>
/// <param name="Secret">A secret in the form of Standard Webhooks; null: one is made.</param>
internal sealed record WebhookFields(string? Name, string? Url, IReadOnlyList<string>? Kinds, string? Secret = null);

internal abstract record WebhookMade
{
    private WebhookMade() { }

    /// <param name="Secret">Shown in this answer and never again.</param>
    public sealed record Made(Webhook Webhook, string Secret) : WebhookMade;

    /// <param name="Code">"Fault.CODE" of the texts.</param>
    public sealed record Refused(string Field, string Code) : WebhookMade;

    public sealed record Missing : WebhookMade;
}

/// <summary>Subscriptions to a study's changes: made, switched off and on, tried, and their deliveries sent again.</summary>
internal sealed class EditWebhooks(FieldworkDb db, WebhookSecrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan Both = TimeSpan.FromDays(1);

    public async Task<WebhookMade> MakeAsync(Guid study, WebhookFields fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Studies.AsNoTracking().SingleOrDefaultAsync(s => s.Id == study, cancel) is not { } found)
            return new WebhookMade.Missing();
        if (fields.Name?.Trim() is not { Length: > 0 and <= Webhook.NameLength } name)
            return new WebhookMade.Refused("Name", "name");
        if (WebhookAddress.Parse(fields.Url) is not { } url)
            return new WebhookMade.Refused("Url", "webhook-url");
        var kinds = fields.Kinds is { Count: > 0 } some ? some : ChangeKinds.All;
        if (!kinds.All(ChangeKinds.All.Contains))
            return new WebhookMade.Refused("Kinds", "webhook-kinds");
        var secret = string.IsNullOrWhiteSpace(fields.Secret) ? WebhookSignature.NewSecret() : fields.Secret.Trim();
        if (WebhookSignature.Key(secret) is not { } key)
            return new WebhookMade.Refused("Secret", "webhook-secret");
        if (await db.Webhooks.CountAsync(w => w.StudyId == study, cancel) >= Webhook.MostOfStudy)
            return new WebhookMade.Refused("Name", "webhook-many");

        // From now on: what happened before is in the feed.
        await ChangeFeed.DealAsync(db, cancel);
        var now = clock.GetUtcNow();
        var hook = new Webhook
        {
            Id = Guid.CreateVersion7(now), StudyId = study, Name = name, Url = url.AbsoluteUri, Kinds = [.. kinds.Distinct(StringComparer.Ordinal)], Secret = secrets.Seal(key),
            CreatedAt = now, CreatedByName = actor.Name, Position = await db.FeedHeads.Select(h => h.Position).SingleAsync(cancel),
        };
        db.Webhooks.Add(hook);
        db.Audit(clock, actor, "webhook.made", Subject(hook.Id), $"{found.Name}, {name}", new { hook.Url, hook.Kinds });
        await db.SaveChangesAsync(cancel);
        return new WebhookMade.Made(hook, secret);
    }

    /// <summary>Gives it another secret. Messages are signed with both for a day, in which the receiver changes its own.</summary>
    /// <param name="own">A secret in the form of Standard Webhooks; null or empty: one is made.</param>
    public async Task<WebhookMade> RotateAsync(Guid id, string? own, Actor actor, CancellationToken cancel)
    {
        var secret = string.IsNullOrWhiteSpace(own) ? WebhookSignature.NewSecret() : own.Trim();
        if (WebhookSignature.Key(secret) is not { } key)
            return new WebhookMade.Refused("Secret", "webhook-secret");
        Webhook? changed = null;
        await ChangeAsync(id, "webhook.secret", actor, hook =>
        {
            (hook.OldSecret, hook.OldUntil, hook.Secret) = (hook.Secret, clock.GetUtcNow() + Both, secrets.Seal(key));
            changed = hook;
        }, cancel);
        return changed is null ? new WebhookMade.Missing() : new WebhookMade.Made(changed, secret);
    }

    public async Task<bool> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        // Before the address: who sends one of them locks it first, and the address after.
        await db.Deliveries.Where(d => d.WebhookId == id).ExecuteDeleteAsync(cancel);
        var removed = await ChangeAsync(id, "webhook.removed", actor, hook => db.Webhooks.Remove(hook), cancel);
        await turn.CommitAsync(cancel);
        return removed;
    }

    /// <summary>Switches it off, or on again: then it is told of everything that happened meanwhile.</summary>
    public Task<bool> SwitchAsync(Guid id, bool on, Actor actor, CancellationToken cancel) => ChangeAsync(id, on ? "webhook.enabled" : "webhook.disabled", actor, hook =>
    {
        hook.DisabledAt = on ? null : clock.GetUtcNow();
        hook.DisabledWhy = on ? null : "by-hand";
        (hook.Failures, hook.FailingSince, hook.RestUntil) = (0, null, null);
    }, cancel);

    /// <summary>Sends something that says that it is a test, whatever waits.</summary>
    public async Task<long?> TestAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { DisabledAt: null } hook)
            return null;
        var (now, test) = (clock.GetUtcNow(), Guid.NewGuid());
        hook.RestUntil = null;
        var delivery = new WebhookDelivery { WebhookId = id, EventId = test, Kind = ChangeKinds.Test, Key = $"test:{test:N}", Position = 0, MadeAt = now, DueAt = now };
        db.Deliveries.Add(delivery);
        db.Audit(clock, actor, "webhook.tested", Subject(id), hook.Name);
        await db.SaveChangesAsync(cancel);
        await WakeAsync(cancel);
        return delivery.Id;
    }

    /// <summary>Sends a delivery once more, under the same id. Later ones of its case wait for it.</summary>
    public async Task<bool> ResendAsync(Guid id, long delivery, Actor actor, CancellationToken cancel)
    {
        if (await db.Deliveries.SingleOrDefaultAsync(d => d.Id == delivery && d.WebhookId == id, cancel) is not { } found
            || (found.ChangeId is { } change && !await db.Changes.AnyAsync(c => c.Id == change, cancel)))
            return false;
        (found.State, found.DueAt, found.Attempts) = (DeliveryState.Waiting, clock.GetUtcNow(), 0);
        db.Audit(clock, actor, "webhook.resent", Subject(id), "", new { found.EventId, found.Kind });
        await db.SaveChangesAsync(cancel);
        await WakeAsync(cancel);
        return true;
    }

    /// <summary>The notice of one that was switched off by itself.</summary>
    public async Task NoteDisabledAsync(Guid id, string why, CancellationToken cancel)
    {
        var name = await (from w in db.Webhooks where w.Id == id join s in db.Studies on w.StudyId equals s.Id select s.Name + ", " + w.Name).SingleOrDefaultAsync(cancel);
        db.Audit(clock, Actor.System, "webhook.disabled", Subject(id), name ?? "", new { why });
        await db.SaveChangesAsync(cancel);
    }

    private async Task<bool> ChangeAsync(Guid id, string action, Actor actor, Action<Webhook> change, CancellationToken cancel)
    {
        if (await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } hook)
            return false;
        change(hook);
        db.Audit(clock, actor, action, Subject(id), hook.Name, new { hook.Url });
        await db.SaveChangesAsync(cancel);
        await WakeAsync(cancel);
        return true;
    }

    private Task<int> WakeAsync(CancellationToken cancel) => db.Database.ExecuteSqlRawAsync($"NOTIFY {SteeringModel.Channel}", cancel);

    private static string Subject(Guid id) => $"webhook:{id}";
}
