using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Steering;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Webhooks;

/// <summary>Subscriptions, for supervisors and for systems whose key reaches the study.</summary>
internal static class WebhooksApi
{
    private const int MostShown = 500;

    public sealed record Request(
        [property: Required, StringLength(Webhook.NameLength)] string Name, [property: Required, StringLength(Webhook.UrlLength)] string Url, IReadOnlyList<string>? Kinds = null,
        [property: StringLength(120)] string? Secret = null);

    public sealed record SecretRequest([property: StringLength(120)] string? Secret = null);

    /// <param name="Secret">In the answer to its making or changing, and never again.</param>
    public sealed record Response(
        Guid Id, Guid Study, string Name, string Url, IReadOnlyList<string> Kinds, string State, DateTimeOffset? FailingSince, DateTimeOffset? RestUntil, DateTimeOffset? LastSuccessAt, string? Secret = null);

    /// <param name="State">"waiting", "delivered" or "given-up".</param>
    public sealed record DeliveryAnswer(
        long Id, Guid EventId, string Kind, string State, int Attempts, DateTimeOffset MadeAt, DateTimeOffset DueAt, DateTimeOffset? LastAt, int? Status, string? Error, int? Milliseconds);

    public sealed record Sent(long Delivery);

    /// <param name="suffix">Of the operations' names: the same things stand at two addresses.</param>
    internal static void Map(IEndpointRouteBuilder read, IEndpointRouteBuilder write, string suffix)
    {
        read.MapGet("/studies/{study:guid}/webhooks", List).WithName($"ListWebhooks{suffix}").WithSummary("The subscriptions of a study");
        read.MapGet("/webhooks/{id:guid}/deliveries", Deliveries).WithName($"ListDeliveries{suffix}").WithSummary("What was sent, the latest first, and what waits");
        write.MapPost("/studies/{study:guid}/webhooks", Make).WithName($"MakeWebhook{suffix}").WithSummary("Subscribe an address to a study's changes; the secret is in this answer only");
        write.MapDelete("/webhooks/{id:guid}", Remove).WithName($"RemoveWebhook{suffix}").WithSummary("End a subscription");
        write.MapPost("/webhooks/{id:guid}/state/{state}", Switch).WithName($"SwitchWebhook{suffix}").WithSummary("on or off; switched on again it catches up");
        write.MapPost("/webhooks/{id:guid}/secret", Rotate).WithName($"RotateWebhook{suffix}").WithSummary("Change the secret; for a day messages are signed with both. The new one is in this answer only");
        write.MapPost("/webhooks/{id:guid}/test", Test).WithName($"TestWebhook{suffix}").WithSummary("Send a test");
        write.MapPost("/webhooks/{id:guid}/deliveries/{delivery:long}/resend", Resend).WithName($"ResendDelivery{suffix}").WithSummary("Send a delivery once more, under the same id");
    }

    private static bool Reaches(HttpContext context, Guid study) => context.User.SystemKey() is null || context.User.Reaches(SteeredStudies.Resource(study));

    private static async Task<Webhook?> FindAsync(FieldworkDb db, Guid id, HttpContext context, CancellationToken cancel) =>
        await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancel) is { } hook && Reaches(context, hook.StudyId) ? hook : null;

    internal static async Task<Results<Ok<List<Response>>, ProblemHttpResult>> List(Guid study, HttpContext context, FieldworkDb db, CancellationToken cancel) =>
        !Reaches(context, study) || !await db.Studies.AnyAsync(s => s.Id == study, cancel)
            ? Problems.Missing("study-missing")
            : TypedResults.Ok((await db.Webhooks.AsNoTracking().Where(w => w.StudyId == study).OrderBy(w => w.Name).ToListAsync(cancel)).ConvertAll(w => Answer(w)));

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Make(Guid study, Request request, HttpContext context, EditWebhooks edit, CancellationToken cancel) =>
        !Reaches(context, study)
            ? Problems.Missing("study-missing")
            : await edit.MakeAsync(study, new WebhookFields(request.Name, request.Url, request.Kinds, request.Secret), Actor.Of(context), cancel) switch
            {
                WebhookMade.Made made => TypedResults.Ok(Answer(made.Webhook, made.Secret)),
                WebhookMade.Refused refused => Problems.Invalid(refused.Code, refused.Field),
                _ => Problems.Missing("study-missing"),
            };

    internal static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, HttpContext context, EditWebhooks edit, FieldworkDb db, CancellationToken cancel) =>
        await FindAsync(db, id, context, cancel) is not null && await edit.RemoveAsync(id, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Missing("webhook-missing");

    internal static async Task<Results<NoContent, ProblemHttpResult>> Switch(Guid id, string state, HttpContext context, EditWebhooks edit, FieldworkDb db, CancellationToken cancel) =>
        state is not ("on" or "off") ? Problems.Invalid("webhook-state")
        : await FindAsync(db, id, context, cancel) is not null && await edit.SwitchAsync(id, state == "on", Actor.Of(context), cancel) ? TypedResults.NoContent()
        : Problems.Missing("webhook-missing");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Rotate(Guid id, SecretRequest request, HttpContext context, EditWebhooks edit, FieldworkDb db, CancellationToken cancel) =>
        await FindAsync(db, id, context, cancel) is null
            ? Problems.Missing("webhook-missing")
            : await edit.RotateAsync(id, request.Secret, Actor.Of(context), cancel) switch
            {
                WebhookMade.Made made => TypedResults.Ok(Answer(made.Webhook, made.Secret)),
                WebhookMade.Refused refused => Problems.Invalid(refused.Code, refused.Field),
                _ => Problems.Missing("webhook-missing"),
            };

    internal static async Task<Results<Ok<Sent>, ProblemHttpResult>> Test(Guid id, HttpContext context, EditWebhooks edit, FieldworkDb db, CancellationToken cancel) =>
        await FindAsync(db, id, context, cancel) is null ? Problems.Missing("webhook-missing")
        : await edit.TestAsync(id, Actor.Of(context), cancel) is { } delivery ? TypedResults.Ok(new Sent(delivery)) : Problems.Conflict("webhook-off");

    internal static async Task<Results<NoContent, ProblemHttpResult>> Resend(Guid id, long delivery, HttpContext context, EditWebhooks edit, FieldworkDb db, CancellationToken cancel) =>
        await FindAsync(db, id, context, cancel) is not null && await edit.ResendAsync(id, delivery, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Missing("delivery-missing");

    internal static async Task<Results<Ok<List<DeliveryAnswer>>, ProblemHttpResult>> Deliveries(Guid id, HttpContext context, FieldworkDb db, CancellationToken cancel) =>
        await FindAsync(db, id, context, cancel) is null
            ? Problems.Missing("webhook-missing")
            : TypedResults.Ok(await db.Deliveries.AsNoTracking().Where(d => d.WebhookId == id).OrderByDescending(d => d.Id).Take(MostShown)
                .Select(d => new DeliveryAnswer(d.Id, d.EventId, d.Kind, d.State == DeliveryState.Waiting ? "waiting" : d.State == DeliveryState.Delivered ? "delivered" : "given-up",
                    d.Attempts, d.MadeAt, d.DueAt, d.LastAt, d.Status, d.Error, d.Milliseconds)).ToListAsync(cancel));

    private static Response Answer(Webhook hook, string? secret = null) => new(
        hook.Id, hook.StudyId, hook.Name, hook.Url, hook.Kinds, hook.DisabledAt is null ? hook.FailingSince is null ? "on" : "failing" : "off", hook.FailingSince, hook.RestUntil, hook.LastSuccessAt, secret);
}
