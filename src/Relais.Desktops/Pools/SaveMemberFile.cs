using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Pools;

/// <summary>
/// A person takes a desktop of a pool to a native client: 202 while it is made ready, to be asked again; then 200 with the file, which lets in once,
/// within minutes.
/// </summary>
internal static class SaveMemberFile
{
    private const string FileName = "bureau-commun.rdp";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/desktops/pools/{id:guid}/rdp", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("SavePoolDesktopFile").WithSummary("A file that opens a desktop of a pool in a native client");

    internal static async Task<Results<FileContentHttpResult, Accepted<ScreenProgress>, ProblemHttpResult>> Handle(
        Guid id, HttpContext context, OpenMemberNatively open, NativeFile file, CancellationToken cancel) =>
        (await open.HandleAsync(id, Opener.Of(context, GrantDoor.Native), resume: null, cancel)).AsFile(file, FileName, context);
}
