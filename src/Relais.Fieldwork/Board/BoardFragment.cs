using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Kernel;

namespace Relais.Fieldwork.Board;

/// <summary>The moving part of the board's page, which its script asks for each second.</summary>
internal static class BoardFragment
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/waves/{id:int}/board", Handle).WithName("GetBoard").WithSummary("The board of a wave, as a piece of its page").ExcludeFromDescription();

    internal static async Task<Results<RazorComponentResult<BoardView>, ProblemHttpResult>> Handle(int id, HttpContext context, ReadBoard board, CancellationToken cancel)
    {
        if (await board.OfAsync(id, cancel) is not { } picture)
            return Problems.Missing("wave-missing");
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<BoardView>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(BoardView.Shown)] = new BoardView.Picture(picture) });
    }
}
