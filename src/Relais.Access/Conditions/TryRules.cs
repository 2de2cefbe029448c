using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;

namespace Relais.Access.Conditions;

/// <summary>"Who would be let in, from there, at that hour?" Nobody is.</summary>
/// <param name="When">"2026-11-27T08:30" on the institute's wall clock; empty for now.</param>
/// <param name="Address">Where from; empty for not known.</param>
internal sealed record RuleTrial(string? Person, string? Address, string? When, string? Device, string? What);

/// <summary>What would be decided, and why.</summary>
internal sealed record TrialResult(
    Person Person, Verdict Verdict, string? Country, DateTime Local, IReadOnlyList<(AccessRule Rule, Mismatch Why)> Rules, bool HasFactor);

internal abstract record TrialOutcome
{
    private TrialOutcome() { }

    internal sealed record Tried(TrialResult Result) : TrialOutcome;

    internal sealed record Faulty(IReadOnlyList<RuleFault> Faults) : TrialOutcome;
}

internal sealed class TryRules(AccessDb db, AskConditions ask, InstituteCalendar calendar, TimeProvider clock)
{
    private const string MomentFormat = "yyyy-MM-dd'T'HH:mm";

    public string NowWritten => calendar.Local(clock.GetUtcNow()).ToString(MomentFormat, CultureInfo.InvariantCulture);

    public async Task<TrialOutcome> HandleAsync(RuleTrial trial, CancellationToken cancel)
    {
        var faults = new List<RuleFault>();
        var name = UniqueName.Normalize(trial.Person ?? "");
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.NormalizedUserName == name || p.NormalizedEmail == name, cancel);
        if (person is null)
            faults.Add(new RuleFault("Person", name.Length == 0 ? "empty" : "person", trial.Person ?? ""));
        IPAddress? from = null;
        if (!string.IsNullOrWhiteSpace(trial.Address))
        {
            if (NetworkRange.TryParse(trial.Address.Trim(), out var range, out _) == NetworkFault.None && !trial.Address.Contains('/', StringComparison.Ordinal))
                from = range.First;
            else
                faults.Add(new RuleFault("Address", "address", trial.Address));
        }

        var local = calendar.Local(clock.GetUtcNow()).DateTime;
        if (!string.IsNullOrWhiteSpace(trial.When)
            && !DateTime.TryParseExact(trial.When.Trim(), MomentFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out local))
        {
            faults.Add(new RuleFault("When", "moment", trial.When));
        }

        var device = One<DeviceStates>(trial.Device, DeviceStates.Known, "Device", faults);
        var what = One<AccessTarget>(trial.What, AccessTarget.SignIn, "What", faults);
        if (faults.Count > 0 || person is null)
            return new TrialOutcome.Faulty(faults);

        // A passkey is held by a browser, and a native client opens desktops: as the real thing would be asked about.
        device = device == DeviceStates.Passkey ? DeviceStates.Passkey | DeviceStates.Known : device;
        if (device == DeviceStates.Native || what == AccessTarget.NativeClient)
            (device, what) = (DeviceStates.Native, what is AccessTarget.Desktop or AccessTarget.Workstation ? what | AccessTarget.NativeClient : AccessTarget.NativeClient);
        var rules = await ask.RulesAsync(cancel);
        var asked = await ask.OfAsync(rules, person.Id, person.Roles, from, device, what, clock.GetUtcNow(), cancel) with { Local = local };
        var factor = await SecondFactors.FactorGuard.HasFactorAsync(db, person.Id, cancel);
        return new TrialOutcome.Tried(new TrialResult(person, rules.Decide(asked), asked.Country, local, rules.Explain(asked), factor));
    }

    private static T One<T>(string? name, T usual, string field, List<RuleFault> faults)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(name))
            return usual;
        if (char.IsAsciiLetter(name[0]) && Enum.TryParse<T>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) && !value.Equals(default(T)))
            return value;
        faults.Add(new RuleFault(field, "choice", name));
        return usual;
    }
}
