using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Fleet;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Bundles;

/// <summary>What the page of bundles does, for programs.</summary>
internal static class BundlesApi
{
    /// <param name="Version">A hash of GET /api/desktops/bundles.</param>
    /// <param name="When">"atopening", "now" or "inwindow".</param>
    /// <param name="From">For "inwindow": "22:00", where the institute is.</param>
    public sealed record Request(string Version, string When, TimeOnly? From = null, TimeOnly? To = null);

    public sealed record BundlesAnswer(IReadOnlyList<BundleAnswer> Bundles, IReadOnlyList<FaultAnswer> Faults);

    public sealed record BundleAnswer(
        string Name, IReadOnlyDictionary<string, string> Title, IReadOnlyList<string> Applications, string Memory, int Cpu, string Home, string TcpPorts,
        string Clipboard, string Transfer, string Recording, string Hash, bool Built, string? Target, string RollOut, string Build, int BuildStep,
        string? BuildWords, IReadOnlyList<VersionAnswer> Versions, int Desktops, int Behind);

    public sealed record VersionAnswer(string Hash, long SizeBytes, DateTimeOffset BuiltAt, int Desktops);

    public sealed record FaultAnswer(string File, string Key, string Reason, string Found, string Words);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/desktops/bundles").WithTags("Bundles").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListBundles").WithSummary("Bundles, their versions, and what is wrong with definitions");
        api.MapPost("/{name}/build", Build).WithName("BuildBundle").WithSummary("Build the image of a bundle");
        api.MapPost("/{name}/roll-out", RollOut).WithName("RollOutBundle").WithSummary("Decide which version desktops get, and when");
    }

    internal static async Task<Ok<BundlesAnswer>> List(ListBundles list, CancellationToken cancel) => TypedResults.Ok(Answer(await list.HandleAsync(cancel)));

    internal static async Task<Results<Accepted, ProblemHttpResult>> Build(
        string name, HttpContext context, ChangeBundles change, IStringLocalizer<FleetTexts> text, CancellationToken cancel) =>
        await change.BuildAsync(name, Actor.Of(context), cancel) is { } reason ? Problems.Conflict(reason, text["Reason." + reason]) : TypedResults.Accepted("/api/desktops/bundles");

    internal static async Task<Results<NoContent, ProblemHttpResult>> RollOut(
        string name, Request request, HttpContext context, ChangeBundles change, IStringLocalizer<FleetTexts> text, CancellationToken cancel)
    {
        if (!Enum.TryParse<RollOut>(request.When, ignoreCase: true, out var when) || !Enum.IsDefined(when))
            return Problems.Invalid("unknown-roll-out", "atopening, now, inwindow");
        return await change.RollOutAsync(name, request.Version, when, Minutes(request.From), Minutes(request.To), Actor.Of(context), cancel) is { } reason
            ? Problems.Conflict(reason, text["Reason." + reason])
            : TypedResults.NoContent();
    }

    internal static BundlesAnswer Answer((IReadOnlyList<BundleView> Bundles, IReadOnlyList<BundleFault> Faults) found) => new(
        [.. found.Bundles.Select(Answer)],
        [.. found.Faults.Select(f => new FaultAnswer($"bundles/{f.Bundle}/bundle.json", f.Key, f.Reason, f.Found, f.ToString()))]);

    internal static int Minutes(TimeOnly? time) => time is { } t ? (t.Hour * 60) + t.Minute : 0;

    private static BundleAnswer Answer(BundleView view)
    {
        var (bundle, row) = (view.Bundle, view.Row);
        return new BundleAnswer(
            bundle.Name, bundle.Title, bundle.Applications, bundle.Limits.Memory, bundle.Limits.Cpu, bundle.Limits.Home, bundle.Egress.TcpPorts, bundle.Clipboard,
            bundle.Transfer.Direction, bundle.Recording, view.Hash, view.IsBuilt, row.Target, row.RollOut.ToString().ToLowerInvariant(), row.Build.ToString().ToLowerInvariant(),
            row.BuildStep, row.BuildWords,
            [.. view.Versions.Select(v => new VersionAnswer(v.Hash, v.SizeBytes, v.BuiltAt, view.Desktops.GetValueOrDefault(v.Hash)))],
            view.Desktops.Values.Sum(), view.Behind);
    }
}
