using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Workstations;

/// <summary>
/// A person takes an office workstation to a native client: 202 while it wakes up, then 200 with the file to open. With an account that
/// is kept the gateway signs in; without, the workstation itself asks for it, through network level authentication.
/// </summary>
internal static class SaveWorkstationFile
{
    private const string FileName = "poste.rdp";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/workstations/{id:guid}/rdp", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("SaveWorkstationFile").WithSummary("A file that opens a workstation in a native client").WithTags("Workstations");

    internal static async Task<Results<FileContentHttpResult, Accepted<ScreenProgress>, ProblemHttpResult>> Handle(
        Guid id, HttpContext context, OpenWorkstation open, NativeFile file, CancellationToken cancel) =>
        (await open.HandleAsync(id, new OpenWorkstation.Request(TakeOver: true, Resume: null), Opener.Of(context, GrantDoor.Native), cancel))
            .AsFile(file, FileName, context);
}
