using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>Something wrong with a field; the words are in the texts under "Fault.".</summary>
internal sealed record AppFault(string Field, string Code, object? Detail = null);

/// <summary>What is typed about an app, as it was typed.</summary>
/// <param name="Groups">Names or ids of groups.</param>
internal sealed record AppFields(
    string? Name, string? Label, string? Upstream, IReadOnlyList<string>? Groups, bool Enabled, bool PassHost, bool SendUser)
{
    public static readonly AppFields New = new(null, null, null, null, Enabled: true, PassHost: true, SendUser: false);

    /// <summary>Reads every field.</summary>
    public AppReading Read(AppHosts hosts, IReadOnlyList<GroupCard> known, UpstreamAddress address)
    {
        var faults = new List<AppFault>();
        var name = (Name ?? "").Trim();
        Add(nameof(Name), CheckName(name), WebApp.NameLength);
        var label = (Label ?? "").Trim().ToLowerInvariant();
        Add(nameof(Label), CheckLabel(label, hosts), hosts.HaveDomain ? hosts.PublicName : null);
        var (upstream, why) = CheckUpstream(address);
        Add(nameof(Upstream), why);
        var groups = new List<Guid>();
        foreach (var typed in (Groups ?? []).Select(g => g.Trim()).Where(g => g.Length > 0))
        {
            var found = known.FirstOrDefault(g => g.Id.ToString() == typed || string.Equals(g.Name, typed, StringComparison.OrdinalIgnoreCase));
            if (found is null)
                Add(nameof(Groups), "group", typed);
            else
                groups.Add(found.Id);
        }

        return faults.Count > 0
            ? new AppReading.Refused(faults)
            : new AppReading.Accepted(new AppDraft(name, label, upstream, [.. groups.Distinct().Order()], Enabled, PassHost, SendUser));

        void Add(string field, string? code, object? detail = null)
        {
            if (code is not null)
                faults.Add(new AppFault(field, code, detail));
        }
    }

    private static string? CheckName(string name)
    {
        if (name.Length == 0)
            return "empty";
        if (name.Length > WebApp.NameLength)
            return "long";
        return ShownText.IsPlain(name) ? null : "characters";
    }

    private static string? CheckLabel(string label, AppHosts hosts)
    {
        if (!hosts.HaveDomain)
            return "domain";
        if (label.Length == 0)
            return "empty";
        if (!AppHosts.IsLabel(label))
            return "label";
        return hosts.IsPortals(hosts.HostOf(label)) ? "portals" : null;
    }

    // Nothing but where it is: a path or a user in it would not do what it seems to.
    private (string Upstream, string? Fault) CheckUpstream(UpstreamAddress address)
    {
        var typed = (Upstream ?? "").Trim();
        if (typed.Length == 0)
            return (typed, "empty");
        if (typed.Length > WebApp.UpstreamLength || typed.Any(c => c is <= ' ' or > '~')
            || !Uri.TryCreate(typed, UriKind.Absolute, out var to) || to.Scheme is not ("http" or "https") || to.Host.Length == 0 || to.Port is < 1 or > 65535)
            return (typed, "upstream");
        if (to.UserInfo.Length > 0 || to.PathAndQuery != "/" || to.Fragment.Length > 0 || typed.Contains('@', StringComparison.Ordinal))
            return (typed, "upstream-more");
        // The parser has turned an address in disguise, such as 0x7f.1, into its usual form.
        var host = to.DnsSafeHost;
        if (TargetAddress.Parse(host) is { } literal && address.Check(literal, to.Port) is { } refusal)
            return (typed, $"address-{refusal}");
        return (to.GetLeftPart(UriPartial.Authority), null);
    }
}

/// <summary>What the fields of an app mean.</summary>
internal abstract record AppReading
{
    private AppReading() { }

    public sealed record Accepted(AppDraft Draft) : AppReading;

    public sealed record Refused(IReadOnlyList<AppFault> Faults) : AppReading;
}

/// <summary>An app as somebody wants it.</summary>
internal sealed record AppDraft(
    string Name, string Label, string Upstream, IReadOnlyList<Guid> Groups, bool Enabled, bool PassHost, bool SendUser)
{
    /// <summary>Makes the app like this; says what was otherwise, by field, before and after.</summary>
    public IReadOnlyDictionary<string, object> ApplyTo(WebApp app)
    {
        var changes = new Dictionary<string, object>(StringComparer.Ordinal);
        Note(nameof(Name), app.Name, Name);
        Note(nameof(Label), app.Label, Label);
        Note(nameof(Upstream), app.Upstream, Upstream);
        Note(nameof(Groups), string.Join(' ', app.Groups.Select(g => g.GroupId).Order()), string.Join(' ', Groups));
        Note(nameof(Enabled), $"{app.Enabled}", $"{Enabled}");
        Note(nameof(PassHost), $"{app.PassHost}", $"{PassHost}");
        Note(nameof(SendUser), $"{app.SendUser}", $"{SendUser}");

        (app.Name, app.Label, app.Upstream) = (Name, Label, Upstream);
        (app.Enabled, app.PassHost, app.SendUser) = (Enabled, PassHost, SendUser);
        app.Groups.RemoveAll(g => !Groups.Contains(g.GroupId));
        app.Groups.AddRange(Groups.Where(id => !app.Groups.Exists(g => g.GroupId == id)).Select(id => new WebAppGroup { AppId = app.Id, GroupId = id }));
        return changes;

        void Note(string field, string before, string after)
        {
            if (before != after)
                changes[field] = new { before, after };
        }
    }
}

internal static class AppFaultWords
{
    /// <summary>What the reader sees beside this field, or null when it is right.</summary>
    public static string? Of(this IEnumerable<AppFault> faults, string field, IStringLocalizer text) =>
        faults.FirstOrDefault(fault => fault.Field == field) is { } fault ? text[$"Fault.{fault.Code}", fault.Detail ?? ""].Value : null;
}
