using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Transfer;

/// <summary>A person takes what they printed: whole, looked at, written down, and only then sent. It may be taken again until its hour is over.</summary>
internal static class TakePrint
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops/mine/prints/content", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("TakeMyDesktopPrint").WithSummary("The PDF of what was printed in one's own desktop");

    internal static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Handle(
        string? id, HttpContext context, MyTransfer transfer, TimeProvider clock, CancellationToken cancel)
    {
        if (await transfer.BarredAsync(context, cancel) is { } barred)
            return barred;
        var (desktop, policy) = await transfer.FindAsync(context.User.PersonId(), cancel);
        if (desktop is null || !transfer.Prints(desktop))
            return transfer.Closed("Print");
        var (printer, closed) = await transfer.PrinterAsync(desktop, cancel);
        if (printer is null)
            return closed!;
        var (unlisted, documents) = await printer.ListAsync(desktop.Instance, clock.GetUtcNow(), cancel);
        if (transfer.RefusalOf(unlisted) is { } failed)
            return failed;
        // Only what was listed is ever asked for: nothing of the request becomes part of a path.
        if (documents.FirstOrDefault(d => d.Id == id) is not { } document)
            return transfer.RefusalOf(ShelfFault.Missing)!;

        var actor = Actor.Of(context);
        var spool = Spool.New();
        context.Response.RegisterForDisposeAsync(spool);
        var fault = transfer.RefusalOf(await printer.TakeAsync(desktop.Instance, document, spool.Content, policy.LargestBytes, cancel))
            ?? (spool.Content.Length > policy.LargestBytes ? transfer.TooLarge(policy) : null)
            ?? await transfer.JudgeAsync(document.Name, spool, policy with { Types = ["pdf"] }, cancel);
        if (fault is not null)
        {
            await transfer.TellRefusedAsync(actor, desktop, document.Name, "print", fault);
            return fault;
        }

        await transfer.TellAsync("print.out", actor, desktop, document.Name, spool, cancel);
        spool.Content.Position = 0;
        context.Response.Headers.CacheControl = "no-store";
        // As files are: an attachment of no type that a browser would show at the portal's address.
        return TypedResults.Stream(spool.Content, "application/octet-stream", document.Name);
    }
}
