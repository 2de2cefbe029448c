using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Fieldwork.Steering;

namespace Relais.Fieldwork.Webhooks;

/// <summary>
/// Sends what changed to whoever asked to be told, on every node. A delivery's row is locked while it is sent and settled with the same transaction: a node that is
/// killed loses the lock, and another one sends it again. No address has more than two under way, one that fails only one.
/// </summary>
internal sealed class DeliverWebhooks(
    IServiceScopeFactory scopes, NpgsqlDataSource source, SendWebhook send, WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider clock,
    ILogger<DeliverWebhooks> log) : BackgroundService
{
    private const int AtOnceForOne = 2;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _woken = new(0);
    private readonly Dictionary<Guid, (int Count, bool Failing)> _busy = [];
    private readonly List<Task> _running = [];
    private DateTimeOffset _purgedAt = DateTimeOffset.MinValue;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), WorkAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stop);
                await using (var listen = new NpgsqlCommand($"LISTEN {SteeringModel.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stop);
                while (true)
                {
                    await connection.WaitAsync(stop);
                    _woken.Release();
                }
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // The database may be away; the work looks by itself meanwhile.
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var next = await LookAsync(stop);
                var now = clock.GetUtcNow();
                await _woken.WaitAsync(next is { } due && due - now < LookEvery ? (due > now ? due - now : TimeSpan.FromMilliseconds(1)) : LookEvery, stop);
                while (_woken.CurrentCount > 0 && await _woken.WaitAsync(0, stop))
                {
                    // Ten changes are one look.
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                FieldworkLog.DeliveryFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Makes deliveries of new changes and begins to send what is due.</summary>
    /// <returns>When something is due next, as far as it is known.</returns>
    private async Task<DateTimeOffset?> LookAsync(CancellationToken stop)
    {
        _running.RemoveAll(t => t.IsCompleted);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
            await WebhookQueue.FillAsync(db, clock.GetUtcNow(), stop);
            if (clock.GetUtcNow() - _purgedAt > PurgeEvery)
            {
                _purgedAt = clock.GetUtcNow();
                await WebhookQueue.PurgeAsync(db, _purgedAt - options.Value.KeepDeliveries, stop);
                await ChangeFeed.ForgetAsync(db, _purgedAt - options.Value.KeepChanges, stop);
            }
        }

        while (_running.Count < options.Value.AtOnce)
        {
            var connection = await source.OpenConnectionAsync(stop);
            try
            {
                var turn = await connection.BeginTransactionAsync(stop);
                if (await WebhookQueue.TakeAsync(connection, clock.GetUtcNow(), Full(), stop) is { } taken)
                {
                    Count(taken, 1);
                    _running.Add(SendAsync(connection, turn, taken, stop));
                    continue;
                }

                await turn.DisposeAsync();
                var next = await WebhookQueue.NextDueAsync(connection, clock.GetUtcNow(), stop);
                await connection.DisposeAsync();
                return next;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        return null;
    }

    private async Task SendAsync(NpgsqlConnection connection, NpgsqlTransaction turn, TakenDelivery taken, CancellationToken stop)
    {
        try
        {
            await using var held = connection;
            await using var open = turn;
            if (await BodyAsync(taken, stop) is not { } body)
            {
                await WebhookQueue.GiveUpAsync(connection, taken, "the change is not kept any more", clock.GetUtcNow(), stop);
            }
            else
            {
                var result = await send.HandleAsync(taken.Url, [.. taken.Secrets.Select(secrets.Open)], taken.EventId.ToString(), body, stop);
                await SettleAsync(connection, taken, result, stop);
            }

            await turn.CommitAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // What was not settled is due as before.
            FieldworkLog.DeliveryFailed(log, e);
        }
        catch (OperationCanceledException)
        {
            // The server stops: the next one sends it.
        }
        finally
        {
            Count(taken, -1);
            _woken.Release();
        }
    }

    private async Task SettleAsync(NpgsqlConnection connection, TakenDelivery taken, SendResult result, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (result.Delivered)
        {
            await WebhookQueue.DeliveredAsync(connection, taken, result, now, cancel);
            return;
        }

        var pause = WebhookPause.Of(result.Rests ? taken.Failures : taken.Attempts, options.Value, result.RetryAfter);
        await WebhookQueue.FailedAsync(connection, taken, result, now, now + pause, cancel);
        if (result.Gone || (result.Rests && taken.FailingSince is { } since && now - since >= options.Value.GiveUpAfter))
        {
            await using var scope = scopes.CreateAsyncScope();
            await WebhookQueue.DisableAsync(connection, taken, result.Gone ? "gone" : "failing", now, cancel);
            await scope.ServiceProvider.GetRequiredService<EditWebhooks>().NoteDisabledAsync(taken.Webhook, result.Gone ? "gone" : "failing", cancel);
            FieldworkLog.WebhookDisabled(log, taken.Webhook);
        }
        else if (!result.Rests && now - taken.MadeAt >= options.Value.GiveUpAfter)
        {
            await WebhookQueue.GiveUpAsync(connection, taken, result.Error ?? "", now, cancel);
        }
    }

    private async Task<System.Text.Json.Nodes.JsonObject?> BodyAsync(TakenDelivery taken, CancellationToken cancel)
    {
        if (taken.ChangeId is not { } id)
            return CloudEvents.Test(taken.EventId, taken.Study, taken.MadeAt);
        await using var scope = scopes.CreateAsyncScope();
        return await ChangeFeed.FindAsync(scope.ServiceProvider.GetRequiredService<FieldworkDb>(), id, cancel) is { } row ? CloudEvents.Of(row) : null;
    }

    private Guid[] Full()
    {
        lock (_busy)
            return [.. _busy.Where(b => b.Value.Count >= (b.Value.Failing ? 1 : AtOnceForOne)).Select(b => b.Key)];
    }

    private void Count(TakenDelivery taken, int change)
    {
        lock (_busy)
        {
            var count = _busy.GetValueOrDefault(taken.Webhook).Count + change;
            if (count == 0)
                _busy.Remove(taken.Webhook);
            else
                _busy[taken.Webhook] = (count, taken.Failures > 0);
        }
    }

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }
}
