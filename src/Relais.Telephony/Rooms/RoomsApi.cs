using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Telephony.Rooms;

/// <summary>The voice servers, for administrators: /api/telephony/rooms.</summary>
internal static class RoomsApi
{
    /// <param name="Rooms">Of this node.</param>
    public sealed record Row(int Number, string Address, bool Answers, bool Draining, int Rooms);

    public sealed record Wish(bool Draining);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/rooms").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListVoiceServers").WithSummary("The voice servers of this node, and whether they answer");
        api.MapPost("/{number:int}/drain", Drain).WithName("DrainVoiceServer").WithSummary("No new rooms there; idle headsets move at once, others after their call");
    }

    internal static Ok<IReadOnlyList<Row>> List(RoomServers servers) =>
        TypedResults.Ok<IReadOnlyList<Row>>([.. servers.All.Select((janus, at) => new Row(at + 1, janus.Server.Address, janus.Answers, janus.Draining, janus.Rooms))]);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Drain(
        int number, Wish wish, HttpContext context, DrainVoiceServer drain, CancellationToken cancel) =>
        await drain.HandleAsync(number, wish.Draining, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Missing("voice-server-missing");
}
