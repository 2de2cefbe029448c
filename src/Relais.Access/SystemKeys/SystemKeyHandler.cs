using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.SystemKeys;

/// <summary>
/// Who shows a system's key: <c>Authorization: Bearer relais_...</c>. Looked up at every request, so that ending one acts at once. A browser sends no such
/// header by itself, hence no form token is asked for.
/// </summary>
internal sealed class SystemKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessDb db, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "relais-key";
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || header[Bearer.Length..].Trim() is not { } secret || !SystemKey.Looks(secret))
            return AuthenticateResult.NoResult();

        var (hash, now) = (SystemKey.HashOf(secret), clock.GetUtcNow());
        var key = await db.SystemKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash, Context.RequestAborted);
        if (key is null || !key.IsLive(now))
        {
            await NoteRefusalAsync(key, now);
            return AuthenticateResult.Fail("No such key, or it has ended.");
        }

        await NoteUseAsync(key, now);
        List<Claim> claims =
        [
            new(Actor.IdClaim, EditSystemKeys.Subject(key)), new(ClaimTypes.Name, key.Name), new(SystemKeyClaims.Key, key.Id.ToString()),
            .. key.Resources.Select(r => new Claim(SystemKeyClaims.Resource, r)),
        ];
        if (key.MayWrite)
            claims.Add(new Claim(SystemKeyClaims.Write, "true"));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    // The first use of a day, and from another place, is a line of the trail; its time is kept to the minute.
    private async Task NoteUseAsync(SystemKey key, DateTimeOffset now)
    {
        var actor = new Actor(EditSystemKeys.Subject(key), key.Name, Actor.Of(Context).Address);
        if (key.LastUsedAt is { } last && now - last < SeenStep && key.Address == actor.Address)
            return;
        var noted = await db.SystemKeys.Where(k => k.Id == key.Id && (k.LastUsedAt == null || k.LastUsedAt == key.LastUsedAt))
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now).SetProperty(k => k.Address, actor.Address), Context.RequestAborted);
        if (noted == 0 || (key.LastUsedAt?.UtcDateTime.Date == now.UtcDateTime.Date && key.Address == actor.Address))
            return;
        db.Audit(clock, actor, "system-key.used", EditSystemKeys.Subject(key), key.Name);
        await db.SaveChangesAsync(Context.RequestAborted);
    }

    // A key that ended and is still shown: its system is forgotten somewhere, or somebody has found it. Once an hour.
    private async Task NoteRefusalAsync(SystemKey? key, DateTimeOffset now)
    {
        if (key is null)
            return;
        var (subject, since) = (EditSystemKeys.Subject(key), now.AddHours(-1));
        if (await db.Set<AuditLine>().AnyAsync(l => l.Action == "system-key.refused" && l.Subject == subject && l.At > since, Context.RequestAborted))
            return;
        db.Audit(clock, Actor.Of(Context), "system-key.refused", subject, key.Name, new { key.Hint });
        await db.SaveChangesAsync(Context.RequestAborted);
    }
}
