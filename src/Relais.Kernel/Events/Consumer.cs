using Microsoft.Extensions.DependencyInjection;

namespace Relais.Kernel.Events;

/// <summary>One module's reaction to one kind of event.</summary>
/// <param name="Name">Stored with each event that waits for it: it never changes, whatever becomes of the code.</param>
/// <param name="Event">The kind of event.</param>
/// <param name="Handle">Reads the event's JSON and reacts.</param>
public sealed record Consumer(string Name, Type Event, Func<IServiceProvider, string, CancellationToken, Task> Handle);

/// <summary>Thrown by a handler that can't take an event before a certain time: it comes again then, and this counts as no failure.</summary>
public sealed class PostponedException(DateTimeOffset until) : Exception("Not before a certain time.")
{
    public DateTimeOffset Until { get; } = until;
}

public static class Consumers
{
    /// <summary>
    /// Lets <typeparamref name="THandler"/> react to an event. It gets a scope of its own, commits for itself, and may run twice for one event:
    /// a unique key of the event's id refuses the second. An exception means "again later", a
    /// <see cref="PostponedException"/> says when; the later events of the same key wait for it.
    /// </summary>
    public static IServiceCollection AddConsumer<TEvent, THandler>(
        this IServiceCollection services, string name, Func<THandler, TEvent, CancellationToken, Task> handle)
        where TEvent : class, IEvent
        where THandler : class
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new Consumer(name, typeof(TEvent), (scope, body, cancel) =>
            handle(scope.GetRequiredService<THandler>(), Outbox.Read<TEvent>(body), cancel)));
    }
}
