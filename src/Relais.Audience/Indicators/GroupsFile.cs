using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Indicators;

/// <summary>
/// Groups in JSON: names with lists of stations, <c>{"GROUP_A": ["S1", "S2"]}</c>, or a list of <c>{"name": "GROUP_A", "stations": ["S1", "S2"]}</c>.
/// Either may stand as <c>groups</c> beside <c>stations</c>, the list of all stations in the order of the results: then a station that nobody heard
/// has its row too, and listening to one that is not listed is an error.
/// </summary>
internal sealed record GroupsFile(IReadOnlyList<GroupsFile.Named> Groups, IReadOnlyList<string>? Stations)
{
    private const string Remedy = "Write {\"GROUP_A\": [\"S1\", \"S2\"]}.";

    /// <summary>A group with its stations' names and where each of them stands.</summary>
    internal sealed record Named(string File, string Name, IReadOnlyList<PlacedJson> Stations);

    public static GroupsFile Read(string path)
    {
        var root = PlacedJson.Read(path);
        IReadOnlyList<string>? all = null;
        if (root.IsObject && root.Find("groups") is { } inner && (inner.IsObject || inner.Members.All(member => member.Value.IsObject)))
        {
            if (root.Find("stations") is { } listed)
                all = [.. Texts(path, "stations", listed).Select(station => station.Text)];
            root = inner;
        }

        if (!root.IsObject && !root.IsArray)
            throw new BadFileException(path, root.Line, null, "there are no groups here", Remedy);

        var groups = new List<Named>();
        foreach (var (key, value) in root.Members)
        {
            var (name, stations) = root.IsObject ? (key, value) : (value.Find("name")?.Text ?? "", value.Find("stations"));
            if (string.IsNullOrWhiteSpace(name))
                throw new BadFileException(path, value.Line, null, "the group has no name", Remedy);
            if (groups.Exists(other => other.Name == name) || name == IndicatorsFile.TotalRadio)
                throw new BadFileException(path, value.Line, null, $"the name {name} is taken already", "Give every group a name of its own.");
            groups.Add(new(path, name, Texts(path, name, stations ?? value)));
        }

        return new(groups, all);
    }

    /// <summary>The groups with their stations by number.</summary>
    public IReadOnlyList<StationGroup> Numbered(IReadOnlyList<string> stations)
    {
        var numbers = stations.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number, StringComparer.Ordinal);
        return [.. Groups.Select(group => new StationGroup(group.Name, [.. group.Stations.Select(station => numbers.TryGetValue(station.Text, out var number)
            ? number
            : throw new BadFileException(group.File, station.Line, null, $"the group {group.Name} has the station {station.Text}, which is not there",
                $"Stations are: {string.Join(", ", stations.Order(NaturalOrder.Comparer).Take(30))}{(stations.Count > 30 ? ", ..." : "")}. One that nobody heard needs to be in a list \"stations\"."))]))];
    }

    private static IReadOnlyList<PlacedJson> Texts(string path, string name, PlacedJson list)
    {
        if (!list.IsArray || list.Members.Count == 0)
            throw new BadFileException(path, list.Line, null, $"{name} is not a list of stations", Remedy);
        return [.. list.Members.Select(member => member.Value.IsText
            ? member.Value
            : throw new BadFileException(path, member.Value.Line, null, $"{name} has a station that is not a text", Remedy))];
    }
}
