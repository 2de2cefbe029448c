using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;

namespace Relais.Desktops;

/// <summary>What came of asking for a desktop or a workstation, for whichever client: exactly one of these.</summary>
/// <param name="Granted">It may be opened.</param>
/// <param name="Progress">It is being made ready: to be asked again.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record Opening(Granted? Granted = null, ScreenProgress? Progress = null, ProblemHttpResult? Refusal = null)
{
    /// <summary>The answer for a native client: the file that opens what was granted, once.</summary>
    public Results<FileContentHttpResult, Accepted<ScreenProgress>, ProblemHttpResult> AsFile(NativeFile file, string fileName, HttpContext context)
    {
        if (Refusal is not null)
            return Refusal;
        if (Granted is null)
            return TypedResults.Accepted((string?)null, Progress);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(
            file.For(Granted.Asked.Target, Granted.Grant, Granted.Asked.Clipboard, context.Request.Host), NativeFile.MediaType, fileName);
    }
}

/// <summary>A token, and what it was asked for.</summary>
internal sealed record Granted(GrantRequest Asked, SessionGrant Grant);
