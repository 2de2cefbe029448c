using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;

namespace Relais.Traffic.Markers;

/// <summary>A marker as pages draw it.</summary>
/// <param name="At">Seconds since 1970, UTC.</param>
internal sealed record ShownMarker(long At, string Name);

/// <summary>The markers of these hours for all who look, read once in a few seconds however many they are. Without PostgreSQL the last ones stay.</summary>
internal sealed class ShownMarkers(IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    public const string Path = "/traffic/live/markers";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Behind = TimeSpan.FromHours(12);
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(12);
    private readonly SemaphoreSlim _one = new(1);
    private volatile Known _known = new(DateTimeOffset.MinValue, []);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, Handle)
        .RequireAuthorization(AccessPolicies.ReadFigures).WithName("LiveMarkers").WithTags("Traffic").WithSummary("Moments that were named, of twelve hours before and after now");

    internal static async Task<Ok<IReadOnlyList<ShownMarker>>> Handle(ShownMarkers markers, CancellationToken cancel) => TypedResults.Ok(await markers.NowAsync(cancel));

    /// <summary>Reads again at the next question: somebody changed one on this node.</summary>
    public void Forget() => _known = _known with { Read = DateTimeOffset.MinValue };

    public async Task<IReadOnlyList<ShownMarker>> NowAsync(CancellationToken cancel)
    {
        if (clock.GetUtcNow() - _known.Read < Fresh)
            return _known.Markers;
        await _one.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            if (now - _known.Read < Fresh)
                return _known.Markers;
            await using var scope = scopes.CreateAsyncScope();
            var rows = await scope.ServiceProvider.GetRequiredService<TrafficDb>().Markers.AsNoTracking()
                .Where(m => m.At > now - Behind && m.At < now + Ahead).OrderBy(m => m.At).Take(100).ToListAsync(cancel);
            _known = new Known(now, [.. rows.Select(r => new ShownMarker(r.At.ToUnixTimeSeconds(), r.Name))]);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            _known = _known with { Read = clock.GetUtcNow() };
        }
        finally
        {
            _one.Release();
        }

        return _known.Markers;
    }

    public void Dispose() => _one.Dispose();

    private sealed record Known(DateTimeOffset Read, IReadOnlyList<ShownMarker> Markers);
}
