using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Conditions;

/// <summary>How a change of the rules ended.</summary>
internal abstract record RuleAnswer
{
    private RuleAnswer() { }

    internal sealed record Done(Guid Id) : RuleAnswer;

    internal sealed record Faulty(IReadOnlyList<RuleFault> Faults) : RuleAnswer;

    internal sealed record Missing : RuleAnswer;

    /// <summary>
    /// With it, whoever saves could not sign in or administer: from where they are now or from where they have come lately, now or at an hour of the week at
    /// which they can today. Nothing was saved.
    /// </summary>
    internal sealed record LocksOut(IReadOnlyList<LockOut> Found) : RuleAnswer;
}

/// <summary>Who changes rules, and may not shut themselves out without saying that they mean it. The command line has none.</summary>
internal sealed record RuleEditor(Guid Person, Guid SignIn, IPAddress? From, bool Confirmed);

/// <summary>Changes the list of rules, one change at a time.</summary>
internal sealed class EditRules(AccessDb db, AskConditions ask, TimeProvider clock)
{
    private const int MostAddresses = 10;
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    public async Task<IReadOnlyList<AccessRule>> ListAsync(CancellationToken cancel) =>
        await db.AccessRules.AsNoTracking().OrderBy(r => r.Position).ToListAsync(cancel);

    public Task<AccessSetting> SettingAsync(CancellationToken cancel) => db.AccessSettings.AsNoTracking().SingleAsync(cancel);

    public Task<RuleAnswer> AddAsync(RuleFields fields, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeAsync(editor, (rules, _) =>
        {
            if (rules.Count >= AccessRule.MostRules)
                return new RuleAnswer.Faulty([new RuleFault("", "rules", $"{AccessRule.MostRules}")]);
            var rule = new AccessRule { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = "" };
            if (fields.WriteTo(rule) is { Count: > 0 } faults)
                return new RuleAnswer.Faulty(faults);
            // First: whoever adds a rule means it to count, and sees it there.
            rules.Insert(0, rule);
            db.AccessRules.Add(rule);
            db.Audit(clock, actor, "access-rule.added", Subject(rule), rule.Name, Told(rule));
            return new RuleAnswer.Done(rule.Id);
        }, cancel);

    public Task<RuleAnswer> ChangeAsync(Guid id, RuleFields fields, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeOneAsync(id, editor, (rule, _) =>
        {
            if (fields.WriteTo(rule) is { Count: > 0 } faults)
                return new RuleAnswer.Faulty(faults);
            db.Audit(clock, actor, "access-rule.changed", Subject(rule), rule.Name, Told(rule));
            return new RuleAnswer.Done(rule.Id);
        }, cancel);

    public Task<RuleAnswer> SwitchAsync(Guid id, bool enabled, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeOneAsync(id, editor, (rule, _) =>
        {
            if (rule.Enabled != enabled)
                db.Audit(clock, actor, enabled ? "access-rule.enabled" : "access-rule.disabled", Subject(rule), rule.Name);
            rule.Enabled = enabled;
            return new RuleAnswer.Done(rule.Id);
        }, cancel);

    /// <param name="position">From 1; what is beyond the ends is the end.</param>
    public Task<RuleAnswer> MoveAsync(Guid id, int position, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeOneAsync(id, editor, (rule, rules) =>
        {
            rules.Remove(rule);
            var place = Math.Clamp(position, 1, rules.Count + 1);
            rules.Insert(place - 1, rule);
            db.Audit(clock, actor, "access-rule.moved", Subject(rule), rule.Name, new { position = place });
            return new RuleAnswer.Done(rule.Id);
        }, cancel);

    public Task<RuleAnswer> RemoveAsync(Guid id, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeOneAsync(id, editor, (rule, rules) =>
        {
            rules.Remove(rule);
            db.AccessRules.Remove(rule);
            db.Audit(clock, actor, "access-rule.removed", Subject(rule), rule.Name, Told(rule));
            return new RuleAnswer.Done(rule.Id);
        }, cancel);

    public Task<RuleAnswer> SetDefaultAsync(string? decision, RuleEditor? editor, Actor actor, CancellationToken cancel) =>
        ChangeAsync(editor, (_, setting) =>
        {
            if (!Enum.TryParse<RuleDecision>(decision, out var wanted) || !Enum.IsDefined(wanted))
                return new RuleAnswer.Faulty([new RuleFault("Decision", "decision")]);
            if (setting.Default != wanted)
                db.Audit(clock, actor, "access-rules.default-changed", detail: new { decision = wanted.ToString() });
            setting.Default = wanted;
            return new RuleAnswer.Done(Guid.Empty);
        }, cancel);

    /// <summary>The one row, locked: changes come one after the other.</summary>
    public static Task<AccessSetting> HoldAsync(AccessDb db, CancellationToken cancel) =>
        db.AccessSettings.FromSql($"SELECT * FROM access.access_setting FOR UPDATE").SingleAsync(cancel);

    private Task<RuleAnswer> ChangeOneAsync(Guid id, RuleEditor? editor, Func<AccessRule, List<AccessRule>, RuleAnswer> change, CancellationToken cancel) =>
        ChangeAsync(editor, (rules, _) => rules.Find(r => r.Id == id) is { } rule ? change(rule, rules) : new RuleAnswer.Missing(), cancel);

    private async Task<RuleAnswer> ChangeAsync(RuleEditor? editor, Func<List<AccessRule>, AccessSetting, RuleAnswer> change, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var setting = await HoldAsync(db, cancel);
        var rules = await db.AccessRules.OrderBy(r => r.Position).ToListAsync(cancel);
        var old = new RuleSet(await db.AccessRules.AsNoTracking().ToListAsync(cancel), setting.Default) { CountryFile = setting.Countries };
        var answer = change(rules, setting);
        if (answer is not RuleAnswer.Done)
        {
            db.ChangeTracker.Clear();
            return answer;
        }

        for (var i = 0; i < rules.Count; i++)
            rules[i].Position = i + 1;
        if (editor is { Confirmed: false } && await ShutOutAsync(editor, old, new RuleSet(rules, setting.Default) { CountryFile = setting.Countries }, cancel) is { Count: > 0 } found)
        {
            db.ChangeTracker.Clear();
            return new RuleAnswer.LocksOut(found);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return answer;
    }

    private async Task<IReadOnlyList<LockOut>> ShutOutAsync(RuleEditor editor, RuleSet old, RuleSet rules, CancellationToken cancel)
    {
        if (rules.AllowsAll)
            return [];
        var signIn = await db.SignIns.AsNoTracking().Where(s => s.Id == editor.SignIn)
            .Select(s => new { s.Method, s.SecondFactor, s.Person!.Roles }).SingleOrDefaultAsync(cancel);
        if (signIn is null)
            return [];
        // At the next sign-in this browser is a known one.
        var device = AskConditions.DeviceOf(signIn.Method, isNew: false);
        var here = await AskedAsync(editor.From);
        if (LockOuts.ShutBy(rules, here, here[0].Local, signIn.SecondFactor) is { } by)
            return [new LockOut(by, From: null, Begins: null, Ends: null, More: 0)];

        var found = new List<LockOut?> { LockOuts.Find(old, rules, here, signIn.SecondFactor, from: null) };
        foreach (var from in await LatelyAsync(editor, cancel))
            found.Add(LockOuts.Find(old, rules, await AskedAsync(from), signIn.SecondFactor, from));
        return [.. found.OfType<LockOut>()];

        async Task<List<Circumstances>> AskedAsync(IPAddress? from) =>
        [
            await ask.OfAsync(rules, editor.Person, signIn.Roles, from, device, AccessTarget.SignIn, clock.GetUtcNow(), cancel),
            await ask.OfAsync(rules, editor.Person, signIn.Roles, from, device, AccessTarget.Administration, clock.GetUtcNow(), cancel),
        ];
    }

    // From where else they have signed in: a train or an office that they use counts, the rest of the world does not.
    private async Task<IEnumerable<IPAddress>> LatelyAsync(RuleEditor editor, CancellationToken cancel)
    {
        var since = clock.GetUtcNow() - Lately;
        var used = await db.SignIns.AsNoTracking().Where(s => s.PersonId == editor.Person && s.Address != null && s.CreatedAt > since && s.Method != SignInMethod.NativeClient)
            .GroupBy(s => s.Address).OrderByDescending(g => g.Max(s => s.CreatedAt)).Select(g => g.Key).Take(MostAddresses).ToListAsync(cancel);
        var here = editor.From is { } now ? NetworkRange.Plain(now) : null;
        return used.Select(address => IPAddress.TryParse(address, out var parsed) ? NetworkRange.Plain(parsed) : null).OfType<IPAddress>().Distinct().Where(address => !address.Equals(here));
    }

    private static string Subject(AccessRule rule) => $"access-rule:{rule.Id}";

    private static object Told(AccessRule rule) => new
    {
        roles = Some(rule.Roles),
        groups = Some(rule.Groups),
        networks = Some(rule.Networks),
        countries = Some(rule.Countries),
        elsewhere = rule.Elsewhere ? true : (bool?)null,
        devices = Some(RuleFields.Names(rule.Devices)),
        targets = Some(RuleFields.Names(rule.Targets)),
        days = Some(RuleFields.Names(rule.Days)),
        hours = rule.From is null ? null : $"{RuleFields.Write(rule.From)}–{RuleFields.Write(rule.To)}",
        decision = rule.Decision.ToString(),
        proofHours = rule.ProofHours,
        enabled = rule.Enabled,
    };

    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;
}
