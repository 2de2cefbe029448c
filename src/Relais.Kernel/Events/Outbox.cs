using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Relais.Kernel.Events;

/// <summary>How a module tells its neighbours what happened: in the transaction of the change itself, so that neither exists without the other.</summary>
public sealed class Outbox(IEnumerable<Consumer> consumers, TimeProvider clock)
{
    private readonly ILookup<Type, string> _consumers = consumers.ToLookup(c => c.Event, c => c.Name);

    /// <summary>
    /// Adds an event that the next SaveChanges of <paramref name="db"/> writes together with the change. Whoever tells of a key holds the lock of that
    /// key's row (its case, its call): the order within a key is the order in which these transactions take turns.
    /// </summary>
    public void Tell<TEvent>(DbContext db, TEvent told)
        where TEvent : class, IEvent
    {
        var now = clock.GetUtcNow();
        foreach (var consumer in _consumers[typeof(TEvent)])
        {
            db.Set<OutboxEntry>().Add(new OutboxEntry
            {
                EventId = told.Id,
                Consumer = consumer,
                Key = told.Key,
                Kind = typeof(TEvent).Name,
                Body = JsonSerializer.Serialize(told, JsonSerializerOptions.Web),
                ToldAt = now,
                DueAt = now,
            });
        }
    }

    internal static TEvent Read<TEvent>(string body)
        where TEvent : class =>
        JsonSerializer.Deserialize<TEvent>(body, JsonSerializerOptions.Web) ?? throw new InvalidOperationException($"An event {typeof(TEvent).Name} is empty.");
}

public static class OutboxModelBuilder
{
    /// <summary>Lets a module's context tell events; the table belongs to the kernel's own migrations.</summary>
    public static ModelBuilder AddOutbox(this ModelBuilder modelBuilder) =>
        modelBuilder.Entity<OutboxEntry>(entry =>
        {
            OutboxModel.Map(entry);
            entry.ToTable("outbox", KernelDb.Schema, table => table.ExcludeFromMigrations());
        });
}
