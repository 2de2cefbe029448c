using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Conditions;
using Relais.Kernel.Audit;

namespace Relais.Tests.Access;

/// <summary>The rules of access that a test begins with.</summary>
internal static class RuleBook
{
    public static RuleFields New(string name, RuleDecision decision) =>
        new(name, [], [], "", "", false, [], [], [], null, null, decision.ToString(), null, null);

    /// <summary>These rules in this order and no others; what they do not decide is allowed.</summary>
    public static async Task SetRulesAsync(this RelaisApp app, params RuleFields[] rules)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var edit = scope.ServiceProvider.GetRequiredService<EditRules>();
        foreach (var old in await edit.ListAsync(CancellationToken.None))
            Assert.IsType<RuleAnswer.Done>(await edit.RemoveAsync(old.Id, null, Actor.System, CancellationToken.None));
        Assert.IsType<RuleAnswer.Done>(await edit.SetDefaultAsync(nameof(RuleDecision.Allow), null, Actor.System, CancellationToken.None));
        foreach (var rule in rules.Reverse())
            Assert.IsType<RuleAnswer.Done>(await edit.AddAsync(rule, null, Actor.System, CancellationToken.None));
    }

    /// <summary>How often rules refused somebody, by the audit trail.</summary>
    public static Task<int> RefusalsAsync(this RelaisApp app, TestPerson person) =>
        app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "access.refused" && l.Subject == $"person:{person.Id}"));
}
