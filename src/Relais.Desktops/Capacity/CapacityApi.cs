using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Capacity;

/// <summary>What the page says of the machines and of the queue, for programs and at the command line.</summary>
internal static class CapacityApi
{
    /// <param name="Engine">Whether there is an engine that answers; without it there are no machines.</param>
    /// <param name="BudgetMiB">Memory that may be promised in all.</param>
    public sealed record CapacityAnswer(
        bool Engine, long MemoryMiB, long BudgetMiB, long PromisedMiB, long UsedMiB, long LeftMiB, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<QueueAnswer> Queue);

    /// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
    /// <param name="Desktops">How many are there; of a machine that does not answer, those that wait for it or may go on without it.</param>
    public sealed record MemberAnswer(
        string Name, string State, long MemoryBytes, long PromisedBytes, long UsedBytes, int Processors, long DiskBytes, long DiskUsedBytes, int Desktops);

    /// <param name="Person">Null for one of a pool that nobody has yet.</param>
    public sealed record QueueAnswer(int Place, Guid Desktop, string? Person, string Bundle, long MemoryMiB, bool AtScreen, DateTimeOffset Since);

    public static readonly Verb Verb = new("desktops capacity", "what the machines hold, what desktops use, and who waits for room, as JSON", RunAsync);

    private const int UsageError = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops/capacity", Handle).WithTags("Desktops").RequireAuthorization(AccessPolicies.Administer)
            .WithName("GetDesktopsCapacity").WithSummary("What the machines hold, what desktops use, and who waits for room");

    internal static async Task<Ok<CapacityAnswer>> Handle(ReadCapacity capacity, ListQueue queue, CancellationToken cancel) =>
        TypedResults.Ok(Answer(await capacity.HandleAsync(cancel), await queue.HandleAsync(cancel)));

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count > 0)
        {
            await call.Error.WriteLineAsync("usage: relais desktops capacity");
            return UsageError;
        }

        await using var scope = call.Services.CreateAsyncScope();
        var fleet = await scope.ServiceProvider.GetRequiredService<ReadCapacity>().HandleAsync(cancel);
        var queue = await scope.ServiceProvider.GetRequiredService<ListQueue>().HandleAsync(cancel);
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(Answer(fleet, queue), Json));
        return 0;
    }

    private static CapacityAnswer Answer(FleetCapacity? fleet, IReadOnlyList<QueuedDesktop> queue) => new(
        fleet is not null, fleet?.MemoryMiB ?? 0, fleet?.BudgetMiB ?? 0, fleet?.PromisedMiB ?? 0, fleet?.UsedMiB ?? 0, fleet?.LeftMiB ?? 0,
        [.. (fleet?.Members ?? []).Select(m => new MemberAnswer(
            m.Name, m.State, m.MemoryBytes, m.PromisedBytes, m.UsedBytes, m.Processors, m.DiskBytes, m.DiskUsedBytes, m.Desktops))],
        [.. queue.Select(q => new QueueAnswer(q.Place, q.Id, q.Person.Length > 0 ? q.Person : null, q.Bundle, q.MemoryMiB, q.AtScreen, q.Since))]);
}
