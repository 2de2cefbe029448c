using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Plans;

namespace Relais.Tests.Desktops;

/// <summary>Groups of people, plans for them, and what a server that leads does with these.</summary>
internal static class PlanSamples
{
    public const string Bundle = "bureau-standard";

    /// <summary>A group of so many people, new ones.</summary>
    public static async Task<(Guid Group, IReadOnlyList<Guid> People)> AddGroupAsync(this FleetApp app, int people, Action<Person>? change = null)
    {
        List<Guid> added = [];
        for (var i = 0; i < people; i++)
            added.Add((await app.AddPersonAsync(Roles.Interviewer)).Id);
        var group = new Group { Name = $"Équipe {Guid.NewGuid():N}"[..16], NormalizedName = $"{Guid.NewGuid():N}" };
        await app.InAsync(async services =>
        {
            var db = services.GetRequiredService<AccessDb>();
            foreach (var person in await db.People.Where(p => added.Contains(p.Id)).ToListAsync())
            {
                change?.Invoke(person);
                group.People.Add(person);
            }

            db.Groups.Add(group);
            return await db.SaveChangesAsync();
        });
        return (group.Id, added);
    }

    public static object Step(Guid group, int atOnce = 10, bool waits = true, string bundle = Bundle) => new { groups = new[] { group }, bundle, atOnce, waits };

    public static async Task<Guid> AddPlanAsync(this Browser administrator, params object[] steps)
    {
        using var answer = await administrator.PostJsonAsync("/api/plans", new { name = $"Crue {Guid.NewGuid():N}"[..20], steps });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    public static async Task<JsonElement> OnPlanAsync(this Browser administrator, Guid plan, string verb)
    {
        using var answer = await administrator.PostJsonAsync($"/api/plans/{plan}/{verb}", new { });
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static Task<JsonElement> PlanAsync(this Browser administrator, Guid plan) => administrator.Client.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}");

    /// <summary>A look of the server that leads, which may have been killed before: it knows nothing but the rows.</summary>
    public static async Task<bool> LookAsync(this FleetApp app)
    {
        var plans = await app.InAsync(services => services.GetRequiredService<WorkPlans>().HandleAsync(CancellationToken.None));
        return await app.WorkAsync() || plans;
    }

    /// <summary>The desktops of some people that are wanted to run.</summary>
    public static Task<List<Desktop>> WantedAsync(this FleetApp app, IReadOnlyList<Guid> people) => app.InAsync(services =>
        services.GetRequiredService<DesktopsDb>().Desktops.AsNoTracking().Where(d => people.Contains(d.PersonId) && d.Wanted == Wanted.Running).ToListAsync());

    /// <summary>What the reconciler does to those that are wanted.</summary>
    public static async Task AllRunAsync(this FleetApp app, IReadOnlyList<Guid> people)
    {
        foreach (var desktop in await app.WantedAsync(people))
            await app.ReachAsync(desktop.Id, DesktopState.Running);
    }

    public static async Task ShouldBeProblemAsync(this HttpResponseMessage answer, int status, string type)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, $"urn:relais:{type}"), ((int)answer.StatusCode, body.GetProperty("type").GetString()));
    }

    public static IEnumerable<string> Findings(JsonElement rehearsal, bool? blocks = null) => rehearsal.GetProperty("findings").EnumerateArray()
        .Where(f => blocks is null || f.GetProperty("blocks").GetBoolean() == blocks).Select(f => f.GetProperty("code").GetString() ?? "");
}
