using System.Net;
using System.Text.RegularExpressions;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Something wrong with a field; the words are in the texts under "Fault.".</summary>
internal sealed record FieldFault(string Field, string Code, object? Detail = null);

/// <summary>The people and groups that the fields of some workstations name.</summary>
internal sealed record KnownNames(IReadOnlyDictionary<string, PersonId> People, IReadOnlyList<GroupCard> Groups)
{
    public Guid? Group(string typed)
    {
        var wanted = Workstation.Normalize(typed);
        var found = Groups.FirstOrDefault(g => g.Id.ToString() == typed.Trim()) ?? Groups.FirstOrDefault(g => Workstation.Normalize(g.Name) == wanted);
        return found?.Id;
    }
}

/// <summary>What is typed about a workstation, as it was typed: in the form, a file or a request.</summary>
/// <param name="Owner">User name of a person.</param>
/// <param name="Groups">Names or ids of groups.</param>
internal sealed partial record WorkstationFields(
    string? Name, string? Owner, IReadOnlyList<string>? Groups, string? Protocol, string? Host, string? Port, string? Mac, string? Site,
    string? Clipboard, bool Direct, bool Enabled, string? Recording = null)
{
    public const int HostLength = 253;
    public const int SiteLength = 40;

    public static readonly WorkstationFields New = new(
        null, null, null, nameof(TargetProtocol.Rdp), null, null, null, null, nameof(ClipboardPolicy.None), Direct: true, Enabled: true);

    /// <summary>Reads every field.</summary>
    /// <param name="names">Holds the person whom the owner field names, if there is one.</param>
    /// <param name="refusal">Says why an address, in a site or without one, may not be dialled.</param>
    public Reading Read(KnownNames names, WorkstationOptions options, Func<IPAddress, string?, AddressRefusal?> refusal)
    {
        var faults = new List<FieldFault>();
        Add(nameof(Name), CheckName(), Workstation.NameLength);
        Guid? owner = Blank(Owner) ? null : names.People.TryGetValue((Owner ?? "").Trim(), out var person) ? person.Value : null;
        Add(nameof(Owner), owner is null && !Blank(Owner) ? "owner" : null, Owner);
        var groups = (Groups ?? []).Where(g => !Blank(g)).Select(g => (Typed: g.Trim(), Id: names.Group(g))).ToList();
        if (groups.Find(g => g.Id is null) is { Typed: { } unknown })
            Add(nameof(Groups), "group", unknown);
        var protocol = Choice<TargetProtocol>(Protocol);
        Add(nameof(Protocol), protocol is null ? "protocol" : null);
        var (host, why) = CheckHost(refusal);
        Add(nameof(Host), why, HostLength);
        var ports = options.PortsOf(protocol ?? TargetProtocol.Rdp);
        int? port = Blank(Port) ? ports.First : PortRanges.Port(Port);
        Add(nameof(Port), port is not { } number ? "port" : protocol is null || ports.Contain(number) ? null : "port-refused", ports);
        var mac = MacAddress.Parse(Mac);
        Add(nameof(Mac), mac is null && !Blank(Mac) ? "mac" : null);
        Add(nameof(Site), CheckSite(), SiteLength);
        var clipboard = Blank(Clipboard) ? ClipboardPolicy.None : Choice<ClipboardPolicy>(English(Clipboard));
        Add(nameof(Clipboard), clipboard is null ? "clipboard" : null);
        var recording = Blank(Recording) ? RecordingPolicy.Off : Choice<RecordingPolicy>(English(Recording).Replace("-", "", StringComparison.Ordinal));
        Add(nameof(Recording), recording is null ? "recording" : null);

        return faults.Count > 0 || protocol is not { } spoken || port is not { } at || clipboard is not { } copies || recording is not { } recorded
            ? new Reading.Refused(faults)
            : new Reading.Accepted(new WorkstationDraft(
                (Name ?? "").Trim(), owner, [.. groups.Select(g => g.Id).OfType<Guid>().Distinct().Order()], spoken, host, at,
                mac is null ? null : MacAddress.Write(mac), Blank(Site) ? null : (Site ?? "").Trim(), copies, Direct, Enabled, recorded));

        void Add(string field, string? code, object? detail = null)
        {
            if (code is not null)
                faults.Add(new FieldFault(field, code, detail));
        }
    }

    private string? CheckName()
    {
        if (Blank(Name))
            return "empty";
        var name = (Name ?? "").Trim();
        if (name.Length > Workstation.NameLength)
            return "long";
        return name.Any(c => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) ? "characters" : null;
    }

    private (string Host, string? Fault) CheckHost(Func<IPAddress, string?, AddressRefusal?> refusal)
    {
        var host = (Host ?? "").Trim();
        if (host.Length == 0)
            return (host, "empty");
        if (host.Length > HostLength)
            return (host, "long");
        if (TargetAddress.Parse(host) is { } address)
            return (TargetAddress.Plain(address).ToString(), refusal(address, Blank(Site) ? null : Site) is { } why ? $"address-{why}" : null);
        // A last label of digits would be an address in one of its disguises to the system's resolver.
        return (host.ToLowerInvariant(), HostName().IsMatch(host) && !IPAddress.TryParse(host, out _) ? null : "host");
    }

    private string? CheckSite()
    {
        var site = (Site ?? "").Trim();
        return site.Length > SiteLength ? "long" : site.Length == 0 || SiteName().IsMatch(site) ? null : "site";
    }

    private static bool Blank(string? text) => string.IsNullOrWhiteSpace(text);

    // The words of a French file.
    private static string English(string? typed) => (typed ?? "").Trim().ToLowerInvariant() switch
    {
        "ferme" or "fermé" => nameof(ClipboardPolicy.None),
        "ouvert" => nameof(ClipboardPolicy.Both),
        "entree" or "entrée" => nameof(ClipboardPolicy.In),
        "sortie" => nameof(ClipboardPolicy.Out),
        "non" or "no" => nameof(RecordingPolicy.Off),
        "si-possible" => nameof(RecordingPolicy.IfPossible),
        "obligatoire" => nameof(RecordingPolicy.Mandatory),
        var other => other,
    };

    private static T? Choice<T>(string? typed)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals(value.ToString(), (typed ?? "").Trim(), StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)*(?!-)(?=[A-Za-z0-9_-]*[A-Za-z_-])[A-Za-z0-9_-]{1,63}(?<!-)\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SiteName();
}

/// <summary>What the fields of a workstation mean.</summary>
internal abstract record Reading
{
    private Reading() { }

    public sealed record Accepted(WorkstationDraft Draft) : Reading;

    public sealed record Refused(IReadOnlyList<FieldFault> Faults) : Reading;
}

/// <summary>A workstation as somebody wants it.</summary>
internal sealed record WorkstationDraft(
    string Name, Guid? Owner, IReadOnlyList<Guid> Groups, TargetProtocol Protocol, string Host, int Port, string? Mac, string? Site,
    ClipboardPolicy Clipboard, bool Direct, bool Enabled, RecordingPolicy Recording)
{
    /// <summary>Makes the workstation like this; says what was otherwise, by field, before and after.</summary>
    public IReadOnlyList<FieldChange> ApplyTo(Workstation workstation)
    {
        var changes = new List<FieldChange>();
        Note(nameof(Name), workstation.Name, Name);
        Note(nameof(WorkstationFields.Owner), workstation.OwnerId?.ToString(), Owner?.ToString());
        Note(nameof(Groups), string.Join(' ', workstation.Groups.Select(g => g.GroupId).Order()), string.Join(' ', Groups));
        Note(nameof(Protocol), workstation.Protocol.ToString(), Protocol.ToString());
        Note(nameof(Host), workstation.Host, Host);
        Note(nameof(Port), $"{workstation.Port}", $"{Port}");
        Note(nameof(Mac), workstation.Mac, Mac);
        Note(nameof(Site), workstation.Site, Site);
        Note(nameof(Clipboard), workstation.Clipboard.ToString(), Clipboard.ToString());
        Note(nameof(Recording), workstation.Recording.ToString(), Recording.ToString());
        Note(nameof(Direct), workstation.Direct.ToString(), Direct.ToString());
        Note(nameof(Enabled), workstation.Enabled.ToString(), Enabled.ToString());

        (workstation.Name, workstation.NormalizedName, workstation.OwnerId) = (Name, Workstation.Normalize(Name), Owner);
        (workstation.Protocol, workstation.Host, workstation.Port) = (Protocol, Host, Port);
        (workstation.Mac, workstation.Site, workstation.Clipboard) = (Mac, Site, Clipboard);
        (workstation.Direct, workstation.Enabled, workstation.Recording) = (Direct, Enabled, Recording);
        workstation.Groups.RemoveAll(g => !Groups.Contains(g.GroupId));
        workstation.Groups.AddRange(Groups.Where(id => !workstation.Groups.Exists(g => g.GroupId == id))
            .Select(id => new WorkstationGroup { WorkstationId = workstation.Id, GroupId = id }));
        return changes;

        void Note(string field, string? before, string? after)
        {
            if (!string.Equals(before ?? "", after ?? "", StringComparison.Ordinal))
                changes.Add(new FieldChange(field, before ?? "", after ?? ""));
        }
    }
}

/// <summary>A field that was otherwise.</summary>
internal sealed record FieldChange(string Field, string Before, string After);
