using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Transfer;

/// <summary>A person takes a file out of their desktop: whole, looked at, written down, and only then sent.</summary>
internal static class TakeFile
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops/mine/files/content", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("TakeMyDesktopFile").WithSummary("Take a file out of one's own desktop");

    internal static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Handle(
        string? name, HttpContext context, MyTransfer transfer, CancellationToken cancel)
    {
        if (await transfer.BarredAsync(context, cancel) is { } barred)
            return barred;
        var (desktop, policy) = await transfer.FindAsync(context.User.PersonId(), cancel);
        if (desktop is null || !policy.Out)
            return transfer.Closed("Out");
        var actor = Actor.Of(context);
        if (transfer.RefusalOf(FileName.Check(name, out var plain)) is { } misnamed)
            return misnamed;
        if (transfer.RefusalOfType(plain, policy) is { } unfit)
            return await RefuseAsync(unfit);
        var (files, closed) = await transfer.OpenAsync(desktop, cancel);
        if (files is null)
            return closed!;

        var spool = Spool.New();
        context.Response.RegisterForDisposeAsync(spool);
        if (transfer.RefusalOf(await files.TakeAsync(desktop.Instance, plain, spool.Content, policy.LargestBytes, cancel)) is { } fault)
            return await RefuseAsync(fault);
        if (spool.Content.Length > policy.LargestBytes)
            return await RefuseAsync(transfer.TooLarge(policy));
        if (await transfer.JudgeAsync(plain, spool, policy, cancel) is { } suspect)
            return await RefuseAsync(suspect);
        await transfer.TellAsync("transfer.out", actor, desktop, plain, spool, cancel);
        spool.Content.Position = 0;
        context.Response.Headers.CacheControl = "no-store";
        // An attachment of no type that a browser would show: nothing of a desktop runs at the portal's address.
        return TypedResults.Stream(spool.Content, "application/octet-stream", plain);

        async Task<ProblemHttpResult> RefuseAsync(ProblemHttpResult refusal)
        {
            await transfer.TellRefusedAsync(actor, desktop, plain, "out", refusal);
            return refusal;
        }
    }
}
