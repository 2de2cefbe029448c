using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Portal.Kit;

namespace Relais.Access.SignIns;

/// <summary>
/// Checks the sign-in of every request against the database, so that revoking it or disabling the person acts at once.
/// One indexed read a request; assets, which anybody may fetch, are not checked.
/// </summary>
internal sealed class SignInHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    AccessDb db, TimeProvider clock, IOptions<SignInLifeOptions> life)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "relais";
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (IsAsset() || SignInCookie.Read(Context) is not { } hash)
            return AuthenticateResult.NoResult();

        var now = clock.GetUtcNow();
        var signIn = await db.SignIns.AsNoTracking().Include(s => s.Person).SingleOrDefaultAsync(s => s.TokenHash == hash, Context.RequestAborted);
        if (signIn is not { Person: { } person, Method: not SignInMethod.NativeClient } || !signIn.IsLive(now, life.Value) || !person.MaySignIn(now))
            return AuthenticateResult.Fail("The sign-in has ended.");

        if (now - signIn.LastSeenAt > SeenStep)
        {
            await db.SignIns.Where(s => s.Id == signIn.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), Context.RequestAborted);
        }

        var principal = SignInPrincipal.Of(signIn, person, Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (IsProgram())
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            Ask($"/sign-in{Back()}");
        return Task.CompletedTask;
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var person = (await HandleAuthenticateOnceSafeAsync()).Principal;
        if (!IsProgram() && person?.FindFirstValue(SignInPrincipal.Pending) is { } step)
            Ask($"{PendingStep.AddressOf(step)}{Back()}");
        else
            Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    private bool IsAsset() => HttpMethods.IsGet(Request.Method)
        && Context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<IAllowAnonymous>() is not null
        && (Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) || Request.Path.StartsWithSegments("/_framework", StringComparison.Ordinal));

    private bool IsProgram() =>
        Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || Context.WebSockets.IsWebSocketRequest;

    private void Ask(string address)
    {
        KeptForms.KeptFormDoor.Ask(Context);
        Response.Redirect(address);
    }

    private QueryString Back()
    {
        var wanted = HttpMethods.IsGet(Request.Method) ? LocalUrl.Shown(Context) : "/";
        return wanted is "/" ? QueryString.Empty : QueryString.Create("returnUrl", wanted);
    }
}
