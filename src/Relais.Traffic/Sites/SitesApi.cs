using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Traffic.Sites;

/// <summary>The measured sites for another system of the institute, with a key of its own: <c>/api/traffic/v1/sites</c> (docs/traffic.md).</summary>
internal static class SitesApi
{
    private const string At = "/api/traffic/v1/sites";

    /// <param name="Name">80 characters at most, unlike any other site's.</param>
    /// <param name="Hosts">Host names whose pages may send; none: any.</param>
    /// <param name="Consented">Whether the site asks its visitors and sends identifiers of those who agreed.</param>
    /// <param name="Enabled">False stops it.</param>
    public sealed record Request([Required] string Name, IReadOnlyList<string>? Hosts, bool Consented = false, bool Enabled = true);

    /// <param name="Key">What its beacons say; public, as it stands in pages.</param>
    /// <param name="FormerKeyUntil">Until when the key before is heard; null when there is none.</param>
    public sealed record SiteAnswer(int Id, string Name, string Key, IReadOnlyList<string> Hosts, bool Consented, bool Enabled, DateTimeOffset CreatedAt, DateTimeOffset? FormerKeyUntil);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup(At).WithTags("Traffic").RequireAuthorization(AccessPolicies.SystemRead);
        var write = app.MapGroup(At).WithTags("Traffic").RequireAuthorization(AccessPolicies.SystemWrite);
        read.MapGet("", List).WithName("ListTrafficSites").WithSummary("The measured sites and their keys");
        read.MapGet("/{id:int}", Show).WithName("ShowTrafficSite").WithSummary("One measured site");
        write.MapPost("", Add).WithName("AddTrafficSite").WithSummary("Measure another site");
        write.MapPut("/{id:int}", Change).WithName("ChangeTrafficSite").WithSummary("Change a site, or stop it and go on with it");
        write.MapPost("/{id:int}/stop", Stop).WithName("StopTrafficSite").WithSummary("Measure a site no more; what was measured stays");
        write.MapPost("/{id:int}/key", ChangeKey).WithName("ChangeTrafficSiteKey").WithSummary("A new key; the one before is heard for a week beside it");
    }

    internal static async Task<Results<Ok<List<SiteAnswer>>, ProblemHttpResult>> List(HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel) =>
        Reaches(context) ? TypedResults.Ok((await sites.AllAsync(cancel)).ConvertAll(s => Of(s, clock))) : Problems.Missing("site-missing");

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> Show(int id, HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel) =>
        Reaches(context) && await sites.FindAsync(id, cancel) is { } site ? TypedResults.Ok(Of(site, clock)) : Problems.Missing("site-missing");

    internal static async Task<Results<Created<SiteAnswer>, ProblemHttpResult>> Add(Request request, HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel)
    {
        if (!Reaches(context))
            return Problems.Missing("site-missing");
        return await sites.AddAsync(request.Name, Joined(request), request.Consented, Actor.Of(context), cancel) switch
        {
            SiteResult.Saved saved => TypedResults.Created($"{At}/{saved.Site.Id}", Of(saved.Site, clock)),
            var other => Refusal(other),
        };
    }

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> Change(int id, Request request, HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel) =>
        Reaches(context) ? Answer(await sites.ChangeAsync(id, request.Name, Joined(request), request.Consented, request.Enabled, Actor.Of(context), cancel), clock) : Problems.Missing("site-missing");

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> Stop(int id, HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel)
    {
        if (!Reaches(context) || await sites.FindAsync(id, cancel) is not { } site)
            return Problems.Missing("site-missing");
        return site.Enabled
            ? Answer(await sites.ChangeAsync(id, site.Name, string.Join(' ', site.Hosts), site.Consent is ConsentMode.Consented, enabled: false, Actor.Of(context), cancel), clock)
            : TypedResults.Ok(Of(site, clock));
    }

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> ChangeKey(int id, HttpContext context, EditSites sites, TimeProvider clock, CancellationToken cancel) =>
        Reaches(context) ? Answer(await sites.RotateAsync(id, Actor.Of(context), cancel), clock) : Problems.Missing("site-missing");

    private static bool Reaches(HttpContext context) => context.User.Reaches(SiteKeyResources.All);

    private static string Joined(Request request) => string.Join(' ', request.Hosts ?? []);

    private static Results<Ok<SiteAnswer>, ProblemHttpResult> Answer(SiteResult result, TimeProvider clock) =>
        result is SiteResult.Saved saved ? TypedResults.Ok(Of(saved.Site, clock)) : Refusal(result);

    private static ProblemHttpResult Refusal(SiteResult result) => result switch
    {
        SiteResult.Refused { Code: "taken" } => Problems.Conflict("site-name-taken"),
        SiteResult.Refused refused => Problems.Invalid($"site-{refused.Field.ToLowerInvariant()}", refused.Code),
        _ => Problems.Missing("site-missing"),
    };

    private static SiteAnswer Of(Site site, TimeProvider clock) => new(
        site.Id, site.Name, site.Key, site.Hosts, site.Consent is ConsentMode.Consented, site.Enabled, site.CreatedAt, site.FormerKeyUntil > clock.GetUtcNow() ? site.FormerKeyUntil : null);
}

/// <summary>A system's key may be limited to the measured sites.</summary>
internal sealed class SiteKeyResources(IStringLocalizer<TrafficTexts> text) : IKeyResources
{
    public const string All = "traffic-sites";

    public Task<IReadOnlyList<KeyResource>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<KeyResource>>([new KeyResource(All, text["Sites"])]);
}
