
namespace Relais.Access.Directories;

/// <summary>
/// Which groups of the directory give which role. A role that is named here follows the directory: who is in one of its groups has it, nobody else. Where a
/// group is not to be found, or its name is not one group's alone, the role is left as it is, and that is told.
/// </summary>
internal sealed class RoleGroups
{
    public const int NameLength = 200;
    private const char Separator = '|';

    private readonly List<(string Role, string[] Groups)> _followed;

    private RoleGroups(List<(string Role, string[] Groups)> followed, IReadOnlyList<(string Role, string Group, string Code)> faults) => (_followed, Faults) = (followed, faults);

    /// <summary>What keeps a role from being followed.</summary>
    public IReadOnlyList<(string Role, string Group, string Code)> Faults { get; }

    public bool Any => _followed.Count > 0;

    public static RoleGroups Of(DirectorySource source, DirectoryAnswer.Read found)
    {
        var (known, twice) = (Names(found.Groups), Names(found.Twice));
        var named = source.RoleGroups.Select(Split).ToLookup(pair => pair.Role, pair => pair.Group, StringComparer.Ordinal);
        var faults = named.SelectMany(role => role.Select(group => (role.Key, group, Code(UniqueName.Normalize(group))))).Where(f => f.Item3.Length > 0).ToList();
        return new RoleGroups(
            [.. named.Where(role => faults.TrueForAll(f => f.Key != role.Key)).Select(role => (role.Key, role.Select(UniqueName.Normalize).ToArray()))],
            faults);

        string Code(string group) => !known.Contains(group) ? "directory-role-group" : twice.Contains(group) ? "directory-role-group-twice" : "";
    }

    /// <param name="kept">The roles somebody has here.</param>
    /// <param name="usual">What they are when no role is left.</param>
    public IEnumerable<string> RolesOf(DirectoryEntry entry, IEnumerable<string> kept, string usual)
    {
        var groups = Names(entry.Groups);
        var roles = kept.Where(role => !_followed.Exists(f => f.Role == role))
            .Concat(_followed.Where(f => Array.Exists(f.Groups, groups.Contains)).Select(f => f.Role)).ToList();
        return roles.Count > 0 ? roles : [usual];
    }

    /// <summary>From the fields of the settings, one a role: names with bars between them.</summary>
    public static string[] Parse(IReadOnlyDictionary<string, string?> typed) =>
        [.. Contracts.Roles.All.SelectMany(role => Groups(typed.GetValueOrDefault(role)).Select(group => $"{role}={group}"))];

    public static Dictionary<string, string?> Write(IEnumerable<string> kept) =>
        kept.Select(Split).GroupBy(pair => pair.Role, StringComparer.Ordinal)
            .ToDictionary(role => role.Key, string? (role) => string.Join($" {Separator} ", role.Select(pair => pair.Group)), StringComparer.Ordinal);

    private static IEnumerable<string> Groups(string? typed) =>
        (typed ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DistinctBy(UniqueName.Normalize, StringComparer.Ordinal);

    private static (string Role, string Group) Split(string kept)
    {
        var at = kept.IndexOf('=', StringComparison.Ordinal);
        return (kept[..at], kept[(at + 1)..]);
    }

    private static HashSet<string> Names(IEnumerable<string> groups) => groups.Select(UniqueName.Normalize).ToHashSet(StringComparer.Ordinal);
}
