using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Relais.Kernel;
using Relais.Kernel.Database;
using Relais.Kernel.Events;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Kernel;

/// <summary>Something that happened in a module of the tests.</summary>
public sealed record Happened(Guid Id, string Key, int Number) : IEvent;

/// <summary>What the consumer does with what it is told: a test's own choice.</summary>
public sealed class Reactions
{
    public ConcurrentQueue<Happened> Handled { get; } = new();

    public Channel<Happened> Told { get; } = Channel.CreateUnbounded<Happened>();

    public Func<Happened, CancellationToken, Task> React { get; set; } = (_, _) => Task.CompletedTask;

    public async Task HandleAsync(Happened told, CancellationToken cancel)
    {
        await React(told, cancel);
        Handled.Enqueue(told);
        await Told.Writer.WriteAsync(told, cancel);
    }

    /// <summary>Waits until so many were handled.</summary>
    public async Task<List<Happened>> NextAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var next = new List<Happened>();
        while (next.Count < count)
            next.Add(await Told.Reader.ReadAsync(patience.Token));
        return next;
    }
}

internal sealed class OnHappened(Reactions reactions)
{
    public Task HandleAsync(Happened told, CancellationToken cancel) => reactions.HandleAsync(told, cancel);
}

/// <summary>A node with the kernel alone and a consumer of its own, on a real database; several of them may share it.</summary>
internal sealed class OutboxHost : IAsyncDisposable
{
    private readonly IHost _host;

    private OutboxHost(IHost host) => _host = host;

    public Reactions Reactions => _host.Services.GetRequiredService<Reactions>();

    public static async Task<OutboxHost> StartAsync(TestDatabase database, ManualClock clock, Reactions? reactions = null, bool delivers = true)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"ConnectionStrings:{ModuleDatabase.ConnectionName}", database.ConnectionString)]);
        builder.Services.AddLogging();
        builder.Services.AddKernel();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        builder.Services.AddSingleton(reactions ?? new Reactions());
        builder.Services.AddConsumer<Happened, OnHappened>("tests.happened", (handler, told, cancel) => handler.HandleAsync(told, cancel));
        if (!delivers)
            builder.Services.RemoveAll<IHostedService>();
        var host = builder.Build();
        await host.Services.ApplyMigrationsAsync(CancellationToken.None);
        await host.StartAsync();
        return new OutboxHost(host);
    }

    /// <summary>Tells all of them in one transaction, which is given up if <paramref name="fails"/>.</summary>
    public async Task TellAsync(IEnumerable<Happened> events, bool fails = false)
    {
        await InDatabaseAsync(async db =>
        {
            await using var change = await db.Database.BeginTransactionAsync();
            foreach (var told in events)
                _host.Services.GetRequiredService<Outbox>().Tell(db, told);
            await db.SaveChangesAsync();
            if (!fails)
                await change.CommitAsync();
            return 0;
        });
    }

    public async Task<T> InDatabaseAsync<T>(Func<KernelDb, Task<T>> ask)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<KernelDb>());
    }

    public async Task<(int Code, string Text)> VerbAsync(string name)
    {
        await using var output = new StringWriter();
        var verb = _host.Services.GetServices<Verb>().Single(v => v.Name == name);
        var code = await verb.Run(new VerbCall(_host.Services, [], output, output), CancellationToken.None);
        return (code, output.ToString().Trim());
    }

    /// <summary>Wakes whoever delivers, after the clock was moved.</summary>
    public Task WakeAsync() => InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("NOTIFY relais_outbox"));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
