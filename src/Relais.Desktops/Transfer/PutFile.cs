using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Transfer;

/// <summary>A person carries a file into their desktop: whole, looked at, written down, and only then put there.</summary>
internal static class PutFile
{
    /// <param name="Name">As it is called there.</param>
    public sealed record Response(string Name, long Bytes);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/desktops/mine/files", Handle).RequireAuthorization(AccessPolicies.SignedIn).RequireFormToken()
            .Accepts<Stream>("application/octet-stream")
            .WithName("PutMyDesktopFile").WithSummary("Carry a file into one's own desktop; the body is the file");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string? name, HttpContext context, MyTransfer transfer, CancellationToken cancel)
    {
        if (await transfer.BarredAsync(context, cancel) is { } barred)
            return barred;
        var (desktop, policy) = await transfer.FindAsync(context.User.PersonId(), cancel);
        if (desktop is null || !policy.In)
            return transfer.Closed("In");
        var actor = Actor.Of(context);
        if (transfer.RefusalOf(FileName.Check(name, out var plain)) is { } misnamed)
            return misnamed;
        if ((transfer.RefusalOfType(plain, policy) ?? (context.Request.ContentLength > policy.LargestBytes ? transfer.TooLarge(policy) : null)) is { } unfit)
            return await RefuseAsync(unfit);
        var (files, closed) = await transfer.OpenAsync(desktop, cancel);
        if (files is null)
            return closed!;

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = policy.LargestBytes + 1;
        await using var spool = Spool.New();
        try
        {
            if (!await spool.FillAsync(context.Request.Body, policy.LargestBytes, cancel))
                return await RefuseAsync(transfer.TooLarge(policy));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return await RefuseAsync(transfer.TooLarge(policy));
        }

        if (await transfer.JudgeAsync(plain, spool, policy, cancel) is { } suspect)
            return await RefuseAsync(suspect);
        await transfer.TellAsync("transfer.in", actor, desktop, plain, spool, cancel);
        var bytes = spool.Content.Length;
        spool.Content.Position = 0;
        return transfer.RefusalOf(await files.PutAsync(desktop.Instance, plain, spool.Content, cancel)) is { } fault
            ? await RefuseAsync(fault)
            : TypedResults.Ok(new Response(plain, bytes));

        async Task<ProblemHttpResult> RefuseAsync(ProblemHttpResult refusal)
        {
            await transfer.TellRefusedAsync(actor, desktop, plain, "in", refusal);
            return refusal;
        }
    }
}
