using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Remote;

namespace Relais.Desktops;

/// <summary>Who opens a desktop or a workstation, and with what.</summary>
/// <param name="Person">Whose rights count.</param>
/// <param name="SignIn">What the session ends with.</param>
/// <param name="Actor">For the audit trail.</param>
/// <param name="From">Where the asking comes from.</param>
/// <param name="Door">The kind of client.</param>
/// <param name="Inspected">
/// Whether the gateway is to sign in, because the client's file is made for that; null for whichever can be.
/// </param>
internal sealed record Opener(PersonId Person, SignInId SignIn, Actor Actor, IPAddress? From, GrantDoor Door, bool? Inspected = null)
{
    public static Opener Of(HttpContext context, GrantDoor door) =>
        new(context.User.PersonId(), context.User.SignInId(), Actor.Of(context), context.Connection.RemoteIpAddress, door);

    public static Opener Of(NativeCaller caller, bool inspected) =>
        new(caller.Person.Id, caller.SignIn, caller.Actor, caller.From, GrantDoor.Native, inspected);
}

/// <summary>The institute's rules of access, asked before anything is started or woken up for somebody.</summary>
internal static class OpeningConditions
{
    /// <returns>Null when it may be opened.</returns>
    public static async Task<Opening?> RefusalAsync(this AccessConditions conditions, Opener opener, AccessTarget what, CancellationToken cancel)
    {
        var native = opener.Door == GrantDoor.Native ? AccessTarget.NativeClient : AccessTarget.None;
        return await conditions.AskAsync(new AccessAsked(opener.Person, opener.SignIn, what | native, opener.From), opener.Actor, cancel) switch
        {
            AccessAnswer.SecondFactorWanted wanted => new Opening(Refusal: Problems.Refused(AccessConditions.SecondFactorProblem, wanted.Words)),
            AccessAnswer.Refused refused => new Opening(Refusal: Problems.Refused(AccessConditions.RefusedProblem, refused.Words)),
            _ => null,
        };
    }
}

/// <summary>What came of asking for a desktop or a workstation, for whichever client: exactly one of these.</summary>
/// <param name="Granted">It may be opened.</param>
/// <param name="Progress">It is being made ready: to be asked again.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record Opening(Granted? Granted = null, ScreenProgress? Progress = null, ProblemHttpResult? Refusal = null)
{
    private const string TypePrefix = "urn:relais:";

    /// <summary>The answer for a native client that asks by itself.</summary>
    public NativeOpening AsNative() => this switch
    {
        { Granted: { } granted } => new NativeOpening.Ready(granted.Grant),
        { Refusal: { } refusal } => new NativeOpening.Refused((refusal.ProblemDetails.Type ?? "").Replace(TypePrefix, "", StringComparison.Ordinal)),
        _ => new NativeOpening.Busy(),
    };

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
internal sealed record Granted(GrantRequest Asked, SessionGrant Grant)
{
    /// <summary>What is to stand over the picture; null for nothing.</summary>
    public string? Watermark { get; init; }

    /// <summary>Which ways files may be carried; null for none.</summary>
    public ScreenFiles? Files { get; init; }

    /// <summary>Whether what is printed comes to the page.</summary>
    public bool Prints { get; init; }
}

/// <summary>A policy of the clipboard as the page is told of it.</summary>
internal static class Clipboards
{
    public static ScreenClipboard Of(ClipboardPolicy policy) => new(policy.HasFlag(ClipboardPolicy.In), policy.HasFlag(ClipboardPolicy.Out));
}
