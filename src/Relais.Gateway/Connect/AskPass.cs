using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Gateway.Sessions;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Connect;

/// <summary>A computer asks for a pass, and then whether it was allowed. Open to anybody: what is given is good for nothing by itself.</summary>
internal static class AskPass
{
    // Nobody waits for more at once; without a bound, anybody could fill the table.
    private const int OpenLimit = 10;
    private const int OpenLimitOfAll = 1000;
    private static readonly TimeSpan TimeToAllow = TimeSpan.FromMinutes(10);

    public sealed record Request([Required(AllowEmptyStrings = true)] string Device);

    /// <param name="Secret">To be kept: shown once it is allowed, it opens hosts.</param>
    /// <param name="Code">To be shown.</param>
    public sealed record Response(string Secret, string Code, DateTimeOffset ExpiresAt);

    /// <param name="Allowed">False: ask again in a moment.</param>
    public sealed record State(bool Allowed, DateTimeOffset ExpiresAt);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/connect/passes", HandleAsync).AllowAnonymous().WithName("AskConnectPass")
            .WithSummary("Ask for a pass for relais connect, to be allowed by a person");
        routes.MapGet("/api/connect/pass", StateAsync).AllowAnonymous().WithName("ShowConnectPass")
            .WithSummary("Whether the pass given as a bearer token was allowed");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, GatewayDb db, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (!ShownText.IsName(request.Device, ConnectPass.DeviceLength))
            return Problems.Invalid("connect-device", text["Connect.DeviceRefused", ConnectPass.DeviceLength]);
        var now = clock.GetUtcNow();
        var address = Actor.Of(context).Address;
        await db.ConnectPasses.Where(p => p.PersonId == null && p.ExpiresAt < now).ExecuteDeleteAsync(cancel);
        var open = db.ConnectPasses.Where(p => p.PersonId == null);
        if (await open.CountAsync(p => p.Address == address, cancel) >= OpenLimit || await open.CountAsync(cancel) >= OpenLimitOfAll)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-connect-passes");

        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var pass = new ConnectPass
        {
            Id = Guid.CreateVersion7(now),
            SecretHash = Grant.HashOf(secret),
            Code = ConnectPass.NewCode(),
            Device = request.Device,
            Address = address,
            AskedAt = now,
            ExpiresAt = now + TimeToAllow,
        };
        db.ConnectPasses.Add(pass);
        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(new Response(secret, pass.Code, pass.ExpiresAt));
    }

    private static async Task<Results<Ok<State>, UnauthorizedHttpResult>> StateAsync(
        HttpContext context, RedeemPass redeem, GatewayDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (RedeemPass.Bearer(context.Request) is not { } secret)
            return TypedResults.Unauthorized();
        var hash = Grant.HashOf(secret);
        var pass = await db.ConnectPasses.AsNoTracking().SingleOrDefaultAsync(p => p.SecretHash == hash, cancel);
        if (pass is null || !pass.IsOpen(clock.GetUtcNow()))
            return TypedResults.Unauthorized();
        if (pass.PersonId is not null && await redeem.HandleAsync(secret, cancel) is null)
            return TypedResults.Unauthorized();
        return TypedResults.Ok(new State(pass.PersonId is not null, pass.ExpiresAt));
    }
}
