using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;

namespace Relais.Desktops.Transfer;

/// <summary>What may be carried, and what lies in the folder for it.</summary>
internal static class ListFiles
{
    /// <param name="Name">In the folder.</param>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Modified">When it was last written.</param>
    /// <param name="Refused">Why it cannot be taken out, in words; null when it can be tried.</param>
    public sealed record Entry(string Name, long Bytes, DateTimeOffset Modified, string? Refused);

    /// <param name="In">From this device into the desktop.</param>
    /// <param name="Out">From the desktop to this device.</param>
    /// <param name="LargestBytes">The largest file.</param>
    /// <param name="Types">Extensions that are allowed.</param>
    /// <param name="Folder">What the folder is called in the desktop.</param>
    public sealed record Response(bool In, bool Out, long LargestBytes, IReadOnlyList<string> Types, string Folder, IReadOnlyList<Entry> Files);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops/mine/files", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("ListMyDesktopFiles").WithSummary("What may be carried between one's own desktop and this device, and what lies ready there");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        HttpContext context, MyTransfer transfer, IStringLocalizer<TransferTexts> text, CancellationToken cancel)
    {
        if (await transfer.BarredAsync(context, cancel) is { } barred)
            return barred;
        var (desktop, policy) = await transfer.FindAsync(context.User.PersonId(), cancel);
        if (!policy.In && !policy.Out)
            return transfer.Closed("Both");
        var (files, refusal) = await transfer.OpenAsync(desktop, cancel);
        if (files is null || desktop is null)
            return refusal!;
        var (fault, listed) = await files.ListAsync(desktop.Instance, cancel);
        if (transfer.RefusalOf(fault) is { } failed)
            return failed;
        return TypedResults.Ok(new Response(
            policy.In, policy.Out, policy.LargestBytes, policy.Types, HomeFiles.Folder,
            [.. listed.Select(f => new Entry(f.Name, f.Size, f.Modified, WhyNot(f, policy, transfer)))]));
    }

    private static string? WhyNot(HomeFile file, BundleTransfer policy, MyTransfer transfer) =>
        !policy.Out ? null
        : (transfer.RefusalOf(FileName.Check(file.Name, out _))
            ?? transfer.RefusalOfType(file.Name, policy)
            ?? (file.Size > policy.LargestBytes ? transfer.TooLarge(policy) : null))?.ProblemDetails.Detail;
}
