using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Host;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Serving;

/// <summary>What an administrator's program can ask for over HTTP can be asked for on the machine too, and answers as JSON.</summary>
public sealed class RoutesHaveVerbs
{
    private const string OfficeMachines = "not: office machines are enrolled one by one or from a list at /workstations, where their certificates are looked at";

    // Route, and the verb that does the same; or why there is none.
    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["GET /api/access/people"] = "people list",
        ["POST /api/access/people"] = "people add",
        ["PUT /api/access/people/{id:guid}"] = "people change",
        ["POST /api/access/people/{id:guid}/disable"] = "people disable",
        ["POST /api/access/people/{id:guid}/enable"] = "people enable",
        ["POST /api/access/people/{id:guid}/sign-out-everywhere"] = "people sign-out",
        ["POST /api/access/people/{id:guid}/delete"] = "people remove",
        ["GET /api/access/people/{id:guid}/open-id-links"] = "openid links",
        ["POST /api/access/people/{id:guid}/open-id-links/{issuer:guid}/undo"] = "openid unlink",
        ["GET /api/access/groups"] = "groups list",
        ["POST /api/access/groups"] = "groups add",
        ["POST /api/access/people/import"] = "import",
        ["POST /api/access/people/import/check"] = "import",
        ["GET /api/access/board"] = "board",
        ["POST /api/access/board/invite"] = "invite",
        ["GET /api/access/rules"] = "access rules list",
        ["POST /api/access/rules"] = "access rules add",
        ["PUT /api/access/rules/{id:guid}"] = "access rules change",
        ["POST /api/access/rules/{id:guid}/move"] = "access rules move",
        ["POST /api/access/rules/{id:guid}/remove"] = "access rules remove",
        ["PUT /api/access/rules/default"] = "access rules default",
        ["POST /api/access/rules/try"] = "access rules try",
        ["POST /api/access/countries"] = "access countries",
        ["GET /audit/export.csv"] = "audit export",
        ["GET /api/desktops"] = "desktops list",
        ["POST /api/desktops/{id:guid}/want"] = "desktops do",
        ["POST /api/desktops/jobs"] = "desktops do",
        ["GET /api/desktops/jobs"] = "desktops jobs",
        ["GET /api/desktops/jobs/{id:guid}"] = "desktops jobs",
        ["POST /api/desktops/jobs/{id:guid}/stop"] = "desktops jobs stop",
        ["GET /api/desktops/{id:guid}/snapshots"] = "desktops snapshots",
        ["GET /api/desktops/bundles"] = "desktops bundles",
        ["POST /api/desktops/bundles/{name}/build"] = "desktops build",
        ["POST /api/desktops/bundles/{name}/roll-out"] = "desktops roll-out",
        ["GET /api/desktops/capacity"] = "desktops capacity",
        ["GET /api/desktops/members/drains"] = "desktops drain",
        ["POST /api/desktops/members/{member}/drain"] = "desktops drain",
        ["POST /api/desktops/members/{member}/undrain"] = "desktops undrain",
        ["GET /api/desktops/usage"] = "desktops usage",
        ["GET /api/desktops/forecast"] = "desktops forecast",
        ["GET /api/desktops/pools"] = "desktops pools",
        ["POST /api/desktops/pools"] = "desktops pools set",
        ["PUT /api/desktops/pools/{id:guid}"] = "desktops pools set",
        ["DELETE /api/desktops/pools/{id:guid}"] = "desktops pools remove",
        ["GET /api/plans"] = "plan list",
        ["GET /api/plans/{id:guid}"] = "plan show",
        ["POST /api/plans"] = "plan save",
        ["PUT /api/plans/{id:guid}"] = "plan save",
        ["DELETE /api/plans/{id:guid}"] = "plan remove",
        ["POST /api/plans/{id:guid}/rehearse"] = "plan rehearse",
        ["POST /api/plans/{id:guid}/start"] = "plan start",
        ["POST /api/plans/{id:guid}/stop"] = "plan stop",
        ["POST /api/plans/runs/{run:guid}/retry"] = "plan retry",
        ["GET /api/plans/runs/{run:guid}"] = "plan status",
        ["GET /api/workstations"] = OfficeMachines,
        ["POST /api/workstations"] = OfficeMachines,
        ["GET /api/workstations/{id:guid}"] = OfficeMachines,
        ["PUT /api/workstations/{id:guid}"] = OfficeMachines,
        ["DELETE /api/workstations/{id:guid}"] = OfficeMachines,
        ["POST /api/workstations/{id:guid}/approve-certificate"] = OfficeMachines,
        ["POST /api/workstations/{id:guid}/keep-certificate"] = OfficeMachines,
    };

    [Fact]
    public async Task Every_route_that_administers_people_or_desktops_has_a_verb_that_answers_as_json()
    {
        var routes = Routes();
        Assert.Equal([], routes.Except(Table.Keys, StringComparer.Ordinal));
        Assert.Equal([], Table.Keys.Except(routes, StringComparer.Ordinal));
        var verbs = Verbs().ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var name in Table.Values.Where(v => !v.StartsWith("not: ", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            Assert.True(verbs.TryGetValue(name, out var verb), $"There is no verb {name}");
            var help = await Completion.HelpOfAsync(verb);
            // Those of desktops and plans always answer so; those of people when they are asked to.
            var always = name.StartsWith("desktops ", StringComparison.Ordinal) || name.StartsWith("plan ", StringComparison.Ordinal);
            Assert.True(always || help.Contains("--json", StringComparison.Ordinal), $"{name}: {help}");
        }
    }

    // As the server maps them; nothing is started and no database asked.
    private static List<string> Routes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        Modules.Add(builder.Services, builder.Configuration);
        using var app = (IDisposable)builder.Build();
        var server = (WebApplication)app;
        server.MapAccess();
        server.MapDesktops();
        return
        [
            .. ((IEndpointRouteBuilder)server).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
                .Where(e => e.Metadata.OfType<IAuthorizeData>().Any(a => a.Policy == AccessPolicies.Administer)
                    && e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
                .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(m => $"{m} /{e.RoutePattern.RawText?.Trim('/')}") ?? [])
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<Verb> Verbs()
    {
        var services = new ServiceCollection();
        Modules.Add(services, new ConfigurationBuilder().Build());
        return services.Where(s => s.ServiceType == typeof(Verb)).Select(s => Assert.IsType<Verb>(s.ImplementationInstance));
    }
}
