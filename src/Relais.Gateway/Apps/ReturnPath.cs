using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Relais.Gateway.Apps;

/// <summary>The page of an app that a person is brought back to: a path on the app's own host and nothing else.</summary>
internal static class ReturnPath
{
    /// <summary>Paths of Relais itself on every app's host.</summary>
    public const string Own = "/.relais";

    private const int Longest = 2000;

    /// <summary>The path that was asked for, as an address writes it.</summary>
    public static string Of(HttpRequest request) => OrHome(UriHelper.BuildRelative(default, request.Path, request.QueryString));

    /// <summary>The path when it is one, else the app's first page.</summary>
    public static string OrHome(string? path) => path is not null && Holds(path) ? path : "/";

    // "//host" and "/\host" are other sites to a browser; a letter out of plain ASCII, a blank or a control has no place in an address.
    private static bool Holds(string path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..]
        && path.Length <= Longest
        && path.All(c => c is > ' ' and <= '~')
        && !path.StartsWith(Own, StringComparison.OrdinalIgnoreCase);
}
