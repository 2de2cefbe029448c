using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Events;

namespace Relais.Tests.Kernel;

public sealed class OutboxTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestDatabase? _database;

    private TestDatabase Database => _database!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task An_event_is_told_with_its_change_or_not_at_all()
    {
        await using var node = await OutboxHost.StartAsync(Database, _clock);
        await node.TellAsync([Event("a", 1)], fails: true);
        await node.TellAsync([Event("a", 2)]);
        Assert.Equal(2, Assert.Single(await node.Reactions.NextAsync(1)).Number);
        Assert.Single(node.Reactions.Handled);
    }

    [Fact]
    public async Task Events_of_a_key_are_handled_in_the_order_in_which_they_were_told_whatever_node_has_them()
    {
        var reactions = new Reactions();
        await using var teller = await OutboxHost.StartAsync(Database, _clock, delivers: false);
        for (var number = 0; number < 40; number++)
            await teller.TellAsync([Event("a", number), Event("b", number), Event("c", number)]);

        await using var one = await OutboxHost.StartAsync(Database, _clock, reactions);
        await using var other = await OutboxHost.StartAsync(Database, _clock, reactions);
        var handled = await reactions.NextAsync(120);
        foreach (var key in handled.GroupBy(e => e.Key))
            Assert.Equal(Enumerable.Range(0, 40), key.Select(e => e.Number));
    }

    [Fact]
    public async Task One_that_fails_comes_again_later_and_holds_back_its_own_key_only()
    {
        await using var node = await OutboxHost.StartAsync(Database, _clock);
        var (fails, failed) = (true, new TaskCompletionSource());
        node.Reactions.React = (told, _) =>
        {
            if (!fails || told is not { Key: "a", Number: 1 })
                return Task.CompletedTask;
            failed.TrySetResult();
            throw new InvalidOperationException("pas maintenant");
        };
        await node.TellAsync([Event("a", 1), Event("a", 2), Event("b", 3)]);
        Assert.Equal(3, Assert.Single(await node.Reactions.NextAsync(1)).Number);
        await failed.Task;

        fails = false;
        _clock.Advance(DeliverEvents.Pause(DeliverEvents.MostFailures));
        await node.WakeAsync();
        Assert.Equal([1, 2], (await node.Reactions.NextAsync(2)).Select(e => e.Number));
    }

    [Fact]
    public async Task One_that_is_postponed_comes_again_then_and_counts_as_no_failure()
    {
        await using var node = await OutboxHost.StartAsync(Database, _clock);
        var (until, postponed) = (_clock.GetUtcNow() + TimeSpan.FromHours(3), new TaskCompletionSource());
        node.Reactions.React = (told, _) =>
        {
            if (told.Key != "a" || _clock.GetUtcNow() >= until)
                return Task.CompletedTask;
            postponed.TrySetResult();
            throw new PostponedException(until);
        };
        await node.TellAsync([Event("a", 1)]);
        await postponed.Task;
        await node.TellAsync([Event("b", 2)]);
        Assert.Equal(2, Assert.Single(await node.Reactions.NextAsync(1)).Number);
        _clock.Advance(TimeSpan.FromHours(4));
        await node.WakeAsync();
        Assert.Equal(1, Assert.Single(await node.Reactions.NextAsync(1)).Number);
    }

    [Fact]
    public async Task One_that_fails_too_often_is_set_aside_for_an_operator_who_has_it_handed_over_again()
    {
        await using var node = await OutboxHost.StartAsync(Database, _clock, delivers: false);
        await node.TellAsync([Event("a", 1), Event("a", 2)]);
        await node.InDatabaseAsync(db => db.Outbox.Where(e => e.Body.Contains("\"number\":1")).ExecuteUpdateAsync(set => set.SetProperty(e => e.Failures, DeliverEvents.MostFailures - 1)));

        var reactions = new Reactions { React = (told, _) => told.Number == 1 ? throw new InvalidOperationException("jamais") : Task.CompletedTask };
        await using (var delivers = await OutboxHost.StartAsync(Database, _clock, reactions))
        {
            Assert.Equal(2, Assert.Single(await reactions.NextAsync(1)).Number);
            var (code, text) = await node.VerbAsync("events");
            Assert.Equal(1, code);
            Assert.Contains("Happened for tests.happened, key a", text, StringComparison.Ordinal);
            Assert.Contains("jamais", text, StringComparison.Ordinal);

            reactions.React = (_, _) => Task.CompletedTask;
            await node.VerbAsync("events retry");
            Assert.Equal(1, Assert.Single(await reactions.NextAsync(1)).Number);
            Assert.Equal(0, (await node.VerbAsync("events")).Code);
        }
    }

    [Fact]
    public async Task One_whose_node_loses_its_connection_in_the_midst_is_handed_over_again()
    {
        var (begun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = true;
        var reactions = new Reactions
        {
            React = async (_, cancel) =>
            {
                if (!first)
                    return;
                first = false;
                begun.SetResult();
                await mayEnd.Task.WaitAsync(cancel);
            },
        };
        await using var node = await OutboxHost.StartAsync(Database, _clock, reactions);
        await node.TellAsync([Event("a", 1)]);
        await begun.Task;
        await node.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'"));
        mayEnd.SetResult();
        // Handled twice, as a consumer must bear.
        Assert.Equal([1, 1], (await reactions.NextAsync(2)).Select(e => e.Number));
    }

    private static Happened Event(string key, int number) => new(Guid.CreateVersion7(), key, number);
}
