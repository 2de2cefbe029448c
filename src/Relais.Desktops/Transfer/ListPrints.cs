using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;

namespace Relais.Desktops.Transfer;

/// <summary>What was printed in a person's desktop and waits for them. The session's page asks while it is open.</summary>
internal static class ListPrints
{
    /// <param name="Id">What it is asked for by.</param>
    /// <param name="Name">With its extension.</param>
    /// <param name="At">When it was printed.</param>
    public sealed record Entry(string Id, string Name, DateTimeOffset At);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops/mine/prints", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("ListMyDesktopPrints").WithSummary("What was printed in one's own desktop and lies ready as PDF");

    internal static async Task<Results<Ok<IReadOnlyList<Entry>>, ProblemHttpResult>> Handle(
        HttpContext context, MyTransfer transfer, TimeProvider clock, CancellationToken cancel)
    {
        if (await transfer.BarredAsync(context, cancel) is { } barred)
            return barred;
        var (desktop, _) = await transfer.FindAsync(context.User.PersonId(), cancel);
        if (desktop is null || !transfer.Prints(desktop))
            return transfer.Closed("Print");
        var (spool, closed) = await transfer.PrinterAsync(desktop, cancel);
        if (spool is null)
            return closed!;
        var (fault, documents) = await spool.ListAsync(desktop.Instance, clock.GetUtcNow(), cancel);
        if (transfer.RefusalOf(fault) is { } failed)
            return failed;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<Entry>>([.. documents.Select(d => new Entry(d.Id, d.Name, d.At))]);
    }
}
