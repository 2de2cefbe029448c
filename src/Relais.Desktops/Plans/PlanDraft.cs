using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Relais.Desktops.Plans;

/// <summary>A plan as it is being written: what was typed, before it is checked.</summary>
internal sealed record PlanDraft(string Name, IReadOnlyList<PlanStep> Steps)
{
    public const string Add = "add";
    public const string AddPool = "add-pool";
    private const string Up = "up-";
    private const string Remove = "remove-";

    public static PlanDraft Of(ContinuityPlan plan) => new(plan.Name, plan.Steps);

    /// <summary>As the page's form sends it: the fields of each step carry its place.</summary>
    public static PlanDraft Of(IFormCollection form)
    {
        var count = Math.Clamp(Number(form["Steps"]), 0, ContinuityPlan.MostSteps);
        return new PlanDraft(form["Name"].ToString(), [.. Enumerable.Range(0, count).Select(at => StepOf(form, at))]);
    }

    /// <summary>With a step more, a step less, or a step earlier, as the pressed button says.</summary>
    public PlanDraft After(string pressed)
    {
        List<PlanStep> steps = [.. Steps];
        if (pressed == Add && steps.Count < ContinuityPlan.MostSteps)
            steps.Add(new PlanStep());
        else if (pressed == AddPool && steps.Count < ContinuityPlan.MostSteps)
            steps.Add(new PlanStep { Pool = Guid.Empty, Ready = 1 });
        else if (At(pressed, Remove) is { } gone && gone < steps.Count)
            steps.RemoveAt(gone);
        else if (At(pressed, Up) is { } at and > 0 && at < steps.Count)
            (steps[at - 1], steps[at]) = (steps[at], steps[at - 1]);
        return this with { Steps = steps };
    }

    // A step of a pool has a field for it, whatever is chosen there.
    private static PlanStep StepOf(IFormCollection form, int at) => form.ContainsKey($"Pool.{at}") ? PoolStepOf(form, at) : new()
    {
        Groups = [.. form[$"Groups.{at}"].Select(g => Guid.TryParse(g, out var id) ? id : Guid.Empty)],
        Bundle = form[$"Bundle.{at}"].ToString(),
        AtOnce = Number(form[$"AtOnce.{at}"]),
        Waits = form[$"Waits.{at}"].Count > 0,
    };

    private static PlanStep PoolStepOf(IFormCollection form, int at) => new()
    {
        Pool = Guid.TryParse(form[$"Pool.{at}"], out var pool) ? pool : Guid.Empty,
        Ready = Number(form[$"Ready.{at}"]),
        Waits = form[$"Waits.{at}"].Count > 0,
    };

    private static int? At(string pressed, string verb) =>
        pressed.StartsWith(verb, StringComparison.Ordinal) && int.TryParse(pressed.AsSpan(verb.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : null;

    // What is no number is refused as too small.
    private static int Number(string? typed) => int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
