using System.Text.Json;
using System.Text.RegularExpressions;
using Relais.Desktops.Transfer;
using Relais.Desktops.Workstations;

namespace Relais.Desktops.Bundles;

/// <summary>Reads one definition and says all that is wrong with it, each fault by its key. Pure: text in, bundle or faults out.</summary>
internal sealed partial class BundleReader
{
    private const int MostCpus = 128;
    private const int MostProcesses = 100_000;
    private const int MostDays = 366;
    private const int MostSnapshots = 200;
    private const int SmallestMemoryMiB = 256;

    private static readonly string[] Known =
    [
        "name", "title", "extends", "base", "packages", "without", "locales", "applications", "limits", "egress", "clipboard", "transfer", "recording",
        "print", "watermark", "rest", "snapshots",
    ];

    private readonly string _folder;
    private readonly List<BundleFault> _faults = [];

    private BundleReader(string folder) => _folder = folder;

    /// <param name="folder">Name of the folder that the definition lies in.</param>
    public static (Bundle? Bundle, IReadOnlyList<BundleFault> Faults) Read(string folder, string json)
    {
        var reader = new BundleReader(folder);
        try
        {
            using var document = JsonDocument.Parse(json);
            var bundle = reader.Whole(document.RootElement);
            return reader._faults.Count > 0 ? (null, reader._faults) : (bundle, []);
        }
        catch (JsonException e)
        {
            return (null, [new BundleFault(folder, "", "json", e.Message)]);
        }
    }

    private Bundle? Whole(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Wrong("", "object", root.ValueKind.ToString());
            return null;
        }

        OnlyKnown(root, "", Known);
        var extends = Text(root, "extends", null, Name(), "name");
        var name = Text(root, "name", "", Name(), "name");
        if (name.Length > 0 && name != _folder)
            Wrong("name", "name", name);
        return new Bundle
        {
            Name = _folder,
            Title = Title(root),
            Extends = extends.Length > 0 ? extends : null,
            Base = Base(root, extends.Length > 0),
            Packages = List(root, "packages", required: extends.Length == 0, Package(), "package"),
            Without = List(root, "without", required: false, Package(), "package"),
            Locales = List(root, "locales", required: extends.Length == 0, Locale(), "locale"),
            Applications = List(root, "applications", required: false, Anything(), "text"),
            Limits = Limits(root),
            Egress = new BundleEgress(Object(root, "egress", required: true, "tcpPorts") is { } egress ? Ports(egress) : ""),
            Clipboard = Choice(root, "clipboard", "both", "in", "out", "none"),
            Transfer = TransferReader.Read(root, Wrong),
            Print = Choice(root, "print", "refused", "allowed"),
            Watermark = Choice(root, "watermark", "off", "on", "browser-only"),
            Recording = Choice(root, "recording", "off", "if-possible", "mandatory"),
            Rest = Rest(root),
            Snapshots = Object(root, "snapshots", required: false, "everyHours", "keep") is { } snapshots
                ? new BundleSnapshots(TimeSpan.FromHours(Number(snapshots, "snapshots.", "everyHours", 1, 24 * MostDays)), Number(snapshots, "snapshots.", "keep", 1, MostSnapshots))
                : BundleSnapshots.None,
        };
    }

    private Dictionary<string, string> Title(JsonElement root)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Object(root, "title", required: true, "fr", "en") is { } title)
        {
            foreach (var language in (string[])["fr", "en"])
            {
                if (title.TryGetProperty(language, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } words)
                    titles[language] = words;
                else
                    Wrong($"title.{language}", "title", "");
            }
        }

        return titles;
    }

    private BundleRelease? Base(JsonElement root, bool extends)
    {
        if (Object(root, "base", required: !extends, "distribution", "release", "components") is not { } found)
            return null;
        return new BundleRelease(
            Text(found, "distribution", "base.", Name(), "name"), Text(found, "release", "base.", Name(), "name"),
            Text(found, "components", "base.", Components(), "text"));
    }

    private BundleLimits Limits(JsonElement root)
    {
        if (Object(root, "limits", required: true, "memory", "cpu", "processes", "home") is not { } limits)
            return new BundleLimits("", 0, 0, "");
        var memory = Size(limits, "memory");
        if (MemorySize.TryParse(memory, out var mebibytes) && mebibytes < SmallestMemoryMiB)
            Wrong("limits.memory", "size", memory);
        return new BundleLimits(
            memory, Number(limits, "limits.", "cpu", 1, MostCpus), Number(limits, "limits.", "processes", 50, MostProcesses), Size(limits, "home"));
    }

    private BundleRest Rest(JsonElement root)
    {
        if (Object(root, "rest", required: false, "freezeAfterMinutes", "stopAfterMinutes") is not { } rest)
            return BundleRest.Never;
        var (freeze, stop) = (Minutes(rest, "freezeAfterMinutes"), Minutes(rest, "stopAfterMinutes"));
        if (freeze is { } first && stop is { } then && then <= first)
            Wrong("rest.stopAfterMinutes", "rest", $"{then.TotalMinutes:0}");
        return new BundleRest(freeze, stop);
    }

    private TimeSpan? Minutes(JsonElement rest, string key) =>
        rest.TryGetProperty(key, out _) ? TimeSpan.FromMinutes(Number(rest, "rest.", key, 1, 24 * 60 * MostDays)) : null;

    private string Size(JsonElement limits, string key)
    {
        var text = Text(limits, key, "limits.", Anything(), "size");
        if (text.Length > 0 && !MemorySize.TryParse(text, out _))
            Wrong($"limits.{key}", "size", text);
        return text;
    }

    private string Ports(JsonElement egress)
    {
        if (!egress.TryGetProperty("tcpPorts", out var found))
        {
            Wrong("egress.tcpPorts", "missing", "");
            return "";
        }

        var text = found.ValueKind == JsonValueKind.String ? found.GetString() ?? "" : found.GetRawText();
        if (found.ValueKind != JsonValueKind.String || !AreRight(text))
            Wrong("egress.tcpPorts", "ports", text);
        return text;
    }

    // As the engine takes them: without spaces.
    private static bool AreRight(string ports) =>
        ports.Length == 0 || (!ports.Contains(' ', StringComparison.Ordinal) && !ports.EndsWith(',') && PortRanges.TryParse(ports) is not null);

    private string Choice(JsonElement root, string key, params string[] words)
    {
        if (!root.TryGetProperty(key, out var found))
            return words[0];
        var text = found.ValueKind == JsonValueKind.String ? found.GetString() ?? "" : found.GetRawText();
        if (words.Contains(text, StringComparer.Ordinal))
            return text;
        Wrong(key, "choice", $"{text}; {string.Join(", ", words)}");
        return words[0];
    }

    /// <param name="within">Null when it may be left out.</param>
    private string Text(JsonElement parent, string key, string? within, Regex form, string reason)
    {
        if (!parent.TryGetProperty(key, out var found))
        {
            if (within is not null)
                Wrong(within + key, "missing", "");
            return "";
        }

        if (found.ValueKind == JsonValueKind.String && found.GetString() is { } text && form.IsMatch(text))
            return text;
        Wrong(within + key, found.ValueKind == JsonValueKind.String ? reason : "text", found.GetRawText());
        return "";
    }

    private int Number(JsonElement parent, string within, string key, int least, int most)
    {
        if (!parent.TryGetProperty(key, out var found))
            Wrong(within + key, "missing", "");
        else if (found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number >= least && number <= most)
            return number;
        else
            Wrong(within + key, "number", $"{found.GetRawText()}; {least}-{most}");
        return least;
    }

    private List<string> List(JsonElement root, string key, bool required, Regex form, string reason)
    {
        List<string> all = [];
        if (!root.TryGetProperty(key, out var found))
        {
            if (required)
                Wrong(key, "missing", "");
            return all;
        }

        if (found.ValueKind != JsonValueKind.Array)
        {
            Wrong(key, "list", found.GetRawText());
            return all;
        }

        foreach (var (at, item) in found.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } text && form.IsMatch(text))
                all.Add(text);
            else
                Wrong($"{key}[{at}]", reason, item.GetRawText());
        }

        return all;
    }

    private JsonElement? Object(JsonElement root, string key, bool required, params string[] known)
    {
        if (!root.TryGetProperty(key, out var found))
        {
            if (required)
                Wrong(key, "missing", "");
            return null;
        }

        if (found.ValueKind != JsonValueKind.Object)
        {
            Wrong(key, "object", found.GetRawText());
            return null;
        }

        OnlyKnown(found, key + ".", known);
        return found;
    }

    private void OnlyKnown(JsonElement parent, string within, string[] known)
    {
        foreach (var key in parent.EnumerateObject().Select(p => p.Name).Where(k => !known.Contains(k, StringComparer.Ordinal)))
            Wrong(within + key, "unknown", string.Join(", ", known));
    }

    private void Wrong(string key, string reason, string found) => _faults.Add(new BundleFault(_folder, key, reason, found));

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    // Debian policy, 5.6.1.
    [GeneratedRegex("^[a-z0-9][a-z0-9+.-]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Package();

    [GeneratedRegex("^[a-z]{2,3}_[A-Z]{2}\\.UTF-8$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Locale();

    [GeneratedRegex("^[a-z][a-z -]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Components();

    [GeneratedRegex("^.+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anything();
}
