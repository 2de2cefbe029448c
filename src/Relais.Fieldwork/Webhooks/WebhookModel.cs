using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Webhooks;

internal static class WebhookModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Webhook>(hook =>
        {
            hook.ToTable("webhook");
            hook.Property(h => h.Id).ValueGeneratedNever();
            hook.Property(h => h.Name).HasMaxLength(Webhook.NameLength);
            hook.Property(h => h.Url).HasMaxLength(Webhook.UrlLength);
            hook.HasIndex(h => h.StudyId);
            hook.HasOne<Study>().WithMany().HasForeignKey(h => h.StudyId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<WebhookDelivery>(delivery =>
        {
            delivery.ToTable("webhook_delivery");
            delivery.Property(d => d.State).HasConversion<short>();
            delivery.Property(d => d.Error).HasMaxLength(WebhookDelivery.ErrorLength);
            delivery.HasIndex(d => new { d.WebhookId, d.DueAt, d.Position }).HasFilter("state = 0").HasDatabaseName("delivery_due");
            delivery.HasIndex(d => new { d.WebhookId, d.Key, d.Position }).HasFilter("state = 0").HasDatabaseName("delivery_order");
            delivery.HasIndex(d => new { d.WebhookId, d.Id });
            delivery.HasIndex(d => d.ChangeId).HasFilter("state = 0").HasDatabaseName("delivery_change");
            delivery.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
