using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Conditions;

/// <summary>Gathers what the rules ask about, and says what they decide.</summary>
internal sealed class AskConditions(
    AccessDb db, CountryLookup countries, InstituteCalendar calendar, TimeProvider clock, IStringLocalizer<ConditionsTexts> text)
{
    public async Task<RuleSet> RulesAsync(CancellationToken cancel)
    {
        var rules = await db.AccessRules.AsNoTracking().ToListAsync(cancel);
        var setting = await db.AccessSettings.AsNoTracking().SingleAsync(cancel);
        return new RuleSet(rules, setting.Default) { CountryFile = setting.Countries };
    }

    /// <summary>For a person who has just shown who they are, with the device at hand.</summary>
    public async Task<Verdict> SigningInAsync(Person person, IPAddress? from, DeviceStates device, CancellationToken cancel)
    {
        var rules = await RulesAsync(cancel);
        if (rules.AllowsAll)
            return new Verdict(null, RuleDecision.Allow);
        return rules.Decide(await OfAsync(rules, person.Id, person.Roles, from, device, AccessTarget.SignIn, clock.GetUtcNow(), cancel));
    }

    public async Task<AccessAnswer> OpeningAsync(AccessAsked asked, Actor actor, CancellationToken cancel)
    {
        var rules = await RulesAsync(cancel);
        if (rules.AllowsAll)
            return new AccessAnswer.Allowed();
        var now = clock.GetUtcNow();
        if (await FactsAsync(asked.SignIn.Value, cancel) is not { } facts)
            return new AccessAnswer.Refused(RefusalWords(""));
        var verdict = rules.Decide(await OfAsync(rules, facts, asked, now, cancel));
        switch (verdict.Decision)
        {
            case RuleDecision.Allow:
            case RuleDecision.AskSecondFactor when facts.HasProof(now, verdict.ProofHours):
                return new AccessAnswer.Allowed();
            case RuleDecision.AskSecondFactor when !asked.What.HasFlag(AccessTarget.NativeClient):
                return new AccessAnswer.SecondFactorWanted(text["Words.SecondFactor"]);
            default:
                db.Audit(
                    clock, actor, "access.refused", $"person:{facts.Person}", facts.Name,
                    new { rule = verdict.Rule?.Name ?? "", what = asked.What.ToString() });
                await db.SaveChangesAsync(cancel);
                return new AccessAnswer.Refused(
                    verdict.Decision == RuleDecision.Refuse ? RefusalWords(verdict.Words) : text["Words.NotByNativeClient"].Value);
        }
    }

    /// <summary>What somebody who is refused is told now, or null when nothing is refused any more.</summary>
    public async Task<string?> WordsAsync(AccessAsked asked, CancellationToken cancel)
    {
        var rules = await RulesAsync(cancel);
        if (rules.AllowsAll || await FactsAsync(asked.SignIn.Value, cancel) is not { } facts)
            return null;
        var verdict = rules.Decide(
            await OfAsync(rules, facts, asked, clock.GetUtcNow(), cancel));
        return verdict.Decision == RuleDecision.Refuse ? RefusalWords(verdict.Words) : null;
    }

    /// <summary>Those that end within the time, and when; the first whole minute at which they may not be.</summary>
    public async Task<IReadOnlyDictionary<AccessAsked, DateTimeOffset>> EndsAsync(IReadOnlyCollection<AccessAsked> open, TimeSpan ahead, CancellationToken cancel)
    {
        var ends = new Dictionary<AccessAsked, DateTimeOffset>();
        var rules = await RulesAsync(cancel);
        if (rules.AllowsAll)
            return ends;
        var now = clock.GetUtcNow();
        var signIns = await FactsAsync([.. open.Select(o => o.SignIn.Value).Distinct()], cancel);
        foreach (var asked in open.Distinct())
        {
            // Whose sign-in is gone is nobody's business here: see Standing.
            if (!signIns.TryGetValue(asked.SignIn.Value, out var facts))
                continue;
            var asks = await OfAsync(rules, facts, asked, now, cancel);
            if (EndOf(rules, asks, facts.SecondFactor, now, rules.AsksTime ? ahead : TimeSpan.Zero) is { } end)
                ends[asked] = end;
        }

        return ends;
    }

    /// <summary>The circumstances of somebody at a moment.</summary>
    public async Task<Circumstances> OfAsync(
        RuleSet rules, Guid person, IEnumerable<string> roles, IPAddress? from, DeviceStates device, AccessTarget what, DateTimeOffset when, CancellationToken cancel)
    {
        var groups = await db.People.Where(p => p.Id == person).SelectMany(p => p.Groups.Select(g => g.Id)).ToListAsync(cancel);
        return new Circumstances(
            roles.ToHashSet(StringComparer.Ordinal), groups.ToHashSet(), from, await CountryAsync(rules, from, cancel), device, calendar.Local(when).DateTime, what);
    }

    private async Task<Circumstances> OfAsync(RuleSet rules, Facts facts, AccessAsked asked, DateTimeOffset when, CancellationToken cancel) => new(
        facts.Roles.ToHashSet(StringComparer.Ordinal), facts.Groups.ToHashSet(), asked.From, await CountryAsync(rules, asked.From, cancel),
        DeviceOf(facts, asked.What), calendar.Local(when).DateTime, asked.What);

    private async Task<string?> CountryAsync(RuleSet rules, IPAddress? from, CancellationToken cancel) =>
        rules is { AsksCountry: true, CountryFile: { } file } && from is not null ? await countries.OfAsync(db, file, from, cancel) : null;

    /// <summary>What anybody who is refused is told, with what the rule adds.</summary>
    public string RefusalWords(string added) => added.Length > 0 ? $"{text["Words.Refused"]} {added}" : $"{text["Words.Refused"]} {text["Words.RefusedDo"]}";

    private DateTimeOffset? EndOf(RuleSet rules, Circumstances asks, bool secondFactor, DateTimeOffset now, TimeSpan ahead)
    {
        var minute = TimeSpan.FromMinutes(1);
        for (var at = now; at <= now + ahead; at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % minute.Ticks), TimeSpan.Zero) + minute)
        {
            var decision = rules.Decide(asks with { Local = calendar.Local(at).DateTime }).Decision;
            if (decision == RuleDecision.Refuse || (decision == RuleDecision.AskSecondFactor && !secondFactor))
                return at;
        }

        return null;
    }

    private async Task<Facts?> FactsAsync(Guid signIn, CancellationToken cancel) => (await FactsAsync([signIn], cancel)).GetValueOrDefault(signIn);

    // A native client was let in by somebody who gave a second factor, once: whoever holds its password now has given none.
    private Task<Dictionary<Guid, Facts>> FactsAsync(Guid[] signIns, CancellationToken cancel) => db.SignIns.AsNoTracking()
        .Where(s => signIns.Contains(s.Id))
        .Select(s => new Facts(
            s.Id, s.PersonId, s.Person!.DisplayName, s.Person.Roles, s.Person.Groups.Select(g => g.Id).ToList(), s.Method, s.NewDevice,
            s.SecondFactor && s.Method != SignInMethod.NativeClient, s.SecondFactorAt ?? s.CreatedAt))
        .ToDictionaryAsync(f => f.SignIn, cancel);

    private static DeviceStates DeviceOf(Facts facts, AccessTarget what) =>
        what.HasFlag(AccessTarget.NativeClient) ? DeviceStates.Native : DeviceOf(facts.Method, facts.NewDevice);

    public static DeviceStates DeviceOf(SignInMethod method, bool isNew) =>
        method == SignInMethod.NativeClient
            ? DeviceStates.Native
            : (isNew ? DeviceStates.New : DeviceStates.Known) | (method == SignInMethod.Passkey ? DeviceStates.Passkey : DeviceStates.None);

    private sealed record Facts(
        Guid SignIn, Guid Person, string Name, string[] Roles, List<Guid> Groups, SignInMethod Method, bool NewDevice, bool SecondFactor, DateTimeOffset ProofAt)
    {
        public bool HasProof(DateTimeOffset now, int? hours) => SecondFactor && (hours is not { } most || now - ProofAt <= TimeSpan.FromHours(most));
    }
}
