using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Accounts;
using Relais.Kernel.Audit;

namespace Relais.Access.Trail;

/// <summary>
/// The details of audit lines in the reader's words: "Moyen : mot de passe et code". "Detail.key" and "Detail.key.value" are looked up in the texts of the
/// module that wrote the line, then in those that all share; what nobody has words for is shown as it is kept.
/// </summary>
internal sealed class DetailWords(ActionWords actions, IStringLocalizer<AccessTexts> shared, AccessDb db, InstituteCalendar calendar)
{
    private const int HashLength = 32; // A fingerprint in hexadecimal is longer than anybody compares by eye: the export has all of it.
    private const int ShownOfHash = 16;
    private const int ShownOfId = 8;

    // Values that have words of their own elsewhere in the texts.
    private static readonly Dictionary<string, string> Families = new(StringComparer.Ordinal)
    {
        ["method"] = "Method", ["roles"] = "Role", ["required"] = "Role", ["end"] = "End", ["recording"] = "Recording",
    };

    // Numbers that name something and count nothing.
    private static readonly string[] Labels = ["port", "seed", "version", "number", "connection"];

    /// <summary>The words of each line, by its number; a line without details has none.</summary>
    public async Task<IReadOnlyDictionary<long, string>> OfAsync(IReadOnlyList<AuditLine> lines, CancellationToken cancel)
    {
        var details = lines.Where(line => line.Detail != "{}").Select(line => (line, json: Parse(line.Detail))).ToList();
        var names = await NamesAsync([.. details.SelectMany(detail => IdsIn(detail.json)).Distinct()], cancel);
        return details.ToDictionary(detail => detail.line.Seq, detail => new Reading(actions.TextOf(detail.line.Action), shared, names, calendar).Of(detail.json));
    }

    private static JsonElement Parse(string detail)
    {
        using var json = JsonDocument.Parse(detail);
        return json.RootElement.Clone();
    }

    // People and groups are named; other ids are of nothing that is found by name.
    private async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(Guid[] ids, CancellationToken cancel)
    {
        if (ids.Length == 0)
            return new Dictionary<Guid, string>();
        var names = await db.People.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.DisplayName, cancel);
        foreach (var group in await db.Groups.AsNoTracking().Where(g => ids.Contains(g.Id)).Select(g => new { g.Id, g.Name }).ToListAsync(cancel))
            names[group.Id] = group.Name;
        return names;
    }

    private static IEnumerable<Guid> IdsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => IdsIn(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(IdsIn),
        JsonValueKind.String => Ids(value.GetString() ?? "") ?? [],
        _ => [],
    };

    // Several ids are kept as one text, with spaces between them.
    private static List<Guid>? Ids(string text)
    {
        var ids = new List<Guid>();
        foreach (var part in text.Split(' '))
        {
            if (!Guid.TryParseExact(part, "D", out var id))
                return null;
            ids.Add(id);
        }

        return ids;
    }

    private sealed class Reading(IStringLocalizer own, IStringLocalizer shared, IReadOnlyDictionary<Guid, string> names, InstituteCalendar calendar)
    {
        public string Of(JsonElement detail) => detail.ValueKind is JsonValueKind.Object ? Pairs(detail, " · ") : detail.GetRawText();

        private string Pairs(JsonElement pairs, string between) => string.Join(
            between,
            pairs.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null)
                .Select(property => shared["Detail.Pair", Name(property.Name), Value(property.Name, property.Value)].Value));

        private string Value(string key, JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object when value.TryGetProperty("before", out var before) && value.TryGetProperty("after", out var after) =>
                shared["Detail.Change", Value(key, before), Value(key, after)].Value,
            JsonValueKind.Object => Pairs(value, ", "),
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => Value(key, item))),
            JsonValueKind.String => Said(key, value),
            JsonValueKind.True or JsonValueKind.False => shared[value.GetBoolean() ? "Detail.true" : "Detail.false"],
            JsonValueKind.Number when value.TryGetInt64(out var number) && !Labels.Contains(key) => number.ToString("N0", CultureInfo.CurrentCulture),
            JsonValueKind.Null => shared["Detail.Nothing"],
            _ => value.GetRawText(),
        };

        private string Said(string key, JsonElement value)
        {
            var text = value.GetString() ?? "";
            if (text.Length == 0)
                return shared["Detail.Nothing"];
            if (bool.TryParse(text, out var claim))
                return shared[claim ? "Detail.true" : "Detail.false"];
            if (WordsOf(key, text) is { } words)
                return words;
            if (Ids(text) is { } ids)
                return string.Join(", ", ids.Select(id => names.GetValueOrDefault(id) ?? $"…{id.ToString()[^ShownOfId..]}"));
            if (text.Length >= HashLength && text.All(char.IsAsciiHexDigit))
                return $"{text[..ShownOfHash]}…";
            return value.TryGetDateTimeOffset(out var when) && char.IsAsciiDigit(text[0]) ? Moment(when, text) : text;
        }

        // Names of texts do not differ by capitals alone: values are looked up in small letters.
        private string? WordsOf(string key, string value) =>
            Find($"Detail.{Lower(key)}.{value.ToLowerInvariant()}")
            ?? (key == "changed" ? Find($"Detail.{Lower(value)}") : null)
            ?? (Families.GetValueOrDefault(Lower(key)) is { } family ? Find($"{family}.{value}") : null);

        private string Moment(DateTimeOffset when, string text) => text.Contains('T', StringComparison.Ordinal)
            ? calendar.Local(when).ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture)
            : when.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

        private string Name(string key) => Find($"Detail.{Lower(key)}") ?? key;

        private string? Find(string name) => Found(own[name]) ?? Found(shared[name]);

        private static string? Found(LocalizedString words) => words.ResourceNotFound ? null : words.Value;

        // Fields are kept with the capital that they have in the program.
        private static string Lower(string key) => key.Length == 0 ? key : $"{char.ToLowerInvariant(key[0])}{key[1..]}";
    }
}
