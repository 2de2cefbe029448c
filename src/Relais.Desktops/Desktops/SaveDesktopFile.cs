using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Desktops;

/// <summary>
/// A person takes their desktop to a native client: as for opening it in the browser, the answer is 202 while it is made ready, then
/// 200 with the file to open. The file lets in once, within minutes; whoever shows the desktop elsewhere gives way when it is opened.
/// </summary>
internal static class SaveDesktopFile
{
    private const string FileName = "bureau.rdp";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/desktops/mine/rdp", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("SaveMyDesktopFile").WithSummary("A file that opens one's own desktop in a native client");

    internal static async Task<Results<FileContentHttpResult, Accepted<ScreenProgress>, ProblemHttpResult>> Handle(
        HttpContext context, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people, SessionDoor door, NativeFile file,
        AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var request = new OpenDesktop.Request(TakeOver: true, Resume: null);
        var opening = await OpenDesktop.GrantAsync(request, Opener.Of(context, GrantDoor.Native), mine, db, engine, people, door, conditions, text, clock, cancel);
        return opening.AsFile(file, FileName, context);
    }
}
