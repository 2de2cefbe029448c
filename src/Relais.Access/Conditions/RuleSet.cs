using System.Net;
using Relais.Access.Contracts;

namespace Relais.Access.Conditions;

/// <summary>All that rules may ask about.</summary>
/// <param name="Country">Of the address, where a file says it; null when it does not.</param>
/// <param name="Local">The moment on the institute's wall clock.</param>
internal sealed record Circumstances(
    IReadOnlySet<string> Roles, IReadOnlySet<Guid> Groups, IPAddress? Address, string? Country, DeviceStates Device, DateTime Local, AccessTarget What);

/// <summary>What a rule was not about; the first such thing.</summary>
internal enum Mismatch
{
    None,
    Disabled,
    Who,
    Where,
    Device,
    When,
    What,
}

/// <summary>Which rule decided what; no rule when it was the default.</summary>
internal sealed record Verdict(AccessRule? Rule, RuleDecision Decision)
{
    public int? ProofHours => Rule?.ProofHours;

    public string Words => Rule?.Words ?? "";
}

/// <summary>The rules in their order, with what comes after the last one. A value: nothing here asks a database or a clock.</summary>
internal sealed class RuleSet
{
    private readonly List<(AccessRule Rule, NetworkRange[] Networks)> _rules;
    private readonly RuleDecision _default;

    public RuleSet(IEnumerable<AccessRule> rules, RuleDecision byDefault)
    {
        _rules = [.. rules.OrderBy(r => r.Position).Select(r => (r, Parsed(r.Networks)))];
        _default = byDefault;
    }

    /// <summary>Which file says countries; null for none.</summary>
    public Guid? CountryFile { get; init; }

    /// <summary>Nothing is ever refused or asked.</summary>
    public bool AllowsAll => _default == RuleDecision.Allow && _rules.TrueForAll(r => !r.Rule.Enabled || r.Rule.Decision == RuleDecision.Allow);

    public bool AsksCountry => _rules.Exists(r => r.Rule is { Enabled: true, Countries.Length: > 0 });

    public bool AsksTime => _rules.Exists(r => r.Rule.Enabled && (r.Rule.From is not null || r.Rule.Days != WeekDays.None));

    /// <summary>The times of day at which a rule begins or ends to hold.</summary>
    public IEnumerable<TimeOnly> Edges => _rules.SelectMany(r => new[] { r.Rule.From, r.Rule.To }).OfType<TimeOnly>();

    public Verdict Decide(Circumstances circumstances)
    {
        foreach (var (rule, networks) in _rules)
        {
            if (Compare(rule, networks, circumstances) == Mismatch.None)
                return new Verdict(rule, rule.Decision);
        }

        return new Verdict(null, _default);
    }

    /// <summary>Each rule, with what kept it from deciding.</summary>
    public IReadOnlyList<(AccessRule Rule, Mismatch Why)> Explain(Circumstances circumstances) =>
        [.. _rules.Select(r => (r.Rule, Compare(r.Rule, r.Networks, circumstances)))];

    private static Mismatch Compare(AccessRule rule, NetworkRange[] networks, Circumstances asked) =>
        !rule.Enabled ? Mismatch.Disabled
        : !IsAbout(rule, asked) ? Mismatch.Who
        : !IsFrom(rule, networks, asked) ? Mismatch.Where
        : rule.Devices != DeviceStates.None && (rule.Devices & asked.Device) == DeviceStates.None ? Mismatch.Device
        : !RuleHours.Hold(rule.Days, rule.From, rule.To, asked.Local) ? Mismatch.When
        : rule.Targets != AccessTarget.None && (rule.Targets & asked.What) == AccessTarget.None ? Mismatch.What
        : Mismatch.None;

    private static bool IsAbout(AccessRule rule, Circumstances asked) =>
        (rule.Roles.Length == 0 && rule.Groups.Length == 0) || rule.Roles.Any(asked.Roles.Contains) || rule.Groups.Any(asked.Groups.Contains);

    // An address that is not known, or of no known country, is in none of the places: it is elsewhere.
    private static bool IsFrom(AccessRule rule, NetworkRange[] networks, Circumstances asked)
    {
        if (rule.Networks.Length == 0 && rule.Countries.Length == 0)
            return true;
        var inside = (asked.Address is { } address && Array.Exists(networks, n => n.Contains(address)))
            || (asked.Country is { } country && rule.Countries.Contains(country, StringComparer.Ordinal));
        return inside != rule.Elsewhere;
    }

    private static NetworkRange[] Parsed(string[] networks) =>
        [.. networks.Where(n => NetworkRange.TryParse(n, out _, out _) == NetworkFault.None).Select(n =>
        {
            _ = NetworkRange.TryParse(n, out var range, out _);
            return range;
        })];
}
