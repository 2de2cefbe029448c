using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Relais.Kernel;

/// <summary>Refusals of the HTTP API, in the form of RFC 9457: a stable type, and a reference to search the logs for.</summary>
public static class Problems
{
    public static ProblemHttpResult Conflict(string type, string? detail = null) => Of(StatusCodes.Status409Conflict, type, detail);

    public static ProblemHttpResult Refused(string type, string? detail = null) => Of(StatusCodes.Status403Forbidden, type, detail);

    public static ProblemHttpResult Missing(string type, string? detail = null) => Of(StatusCodes.Status404NotFound, type, detail);

    public static ProblemHttpResult Invalid(string type, string? detail = null) => Of(StatusCodes.Status400BadRequest, type, detail);

    public static ProblemHttpResult Unavailable(string type, string? detail = null) => Of(StatusCodes.Status503ServiceUnavailable, type, detail);

    public static ProblemHttpResult Of(int status, string type, string? detail = null) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            type: $"urn:relais:{type}",
            title: type,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["reference"] = Activity.Current?.TraceId.ToString(),
            });
}
