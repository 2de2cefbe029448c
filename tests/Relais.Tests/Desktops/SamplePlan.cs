using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using static Relais.Tests.Desktops.PlanSamples;

namespace Relais.Tests.Desktops;

/// <summary>What whoever tries Relais finds at the continuity plans.</summary>
public sealed class SamplePlan(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task The_sample_institute_has_a_plan_of_groups_bundles_and_a_pool_and_its_rehearsal_says_what_is_missing()
    {
        foreach (var verb in new[] { "demo people", "demo pool", "demo plans", "demo plans" })
            await SayAsync(verb);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var listed = Assert.Single((await administrator.Client.GetFromJsonAsync<JsonElement>("/api/plans")).EnumerateArray());
        var plan = listed.GetProperty("id").GetGuid();
        var steps = (await administrator.PlanAsync(plan)).GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(["bureau-standard", "", "enqueteur", "bureautique"], steps.Select(s => s.GetProperty("bundle").GetString()));
        Assert.All(steps, s => Assert.NotEqual(0, s.GetProperty("groupNames").GetArrayLength()));
        Assert.Equal(("Poste d’enquête", 3), (steps[1].GetProperty("poolName").GetString(), steps[1].GetProperty("ready").GetInt32()));

        var found = await administrator.OnPlanAsync(plan, "rehearse");
        var rehearsed = found.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("new").GetInt32()).ToList();
        Assert.Equal(3, rehearsed[1]);
        Assert.All(rehearsed, n => Assert.NotEqual(0, n));
        Assert.Equal(found.GetProperty("people").GetInt32() + 3, rehearsed.Sum());
        Assert.Equal(["image-missing", "no-engine"], Findings(found, blocks: true).Distinct().Order());
    }

    private async Task SayAsync(string name)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var verb = app.Services.GetServices<Verb>().Single(v => v.Name == name);
        Assert.Equal((0, ""), (await verb.Run(new VerbCall(app.Services, [], output, error), CancellationToken.None), error.ToString()));
    }
}
