using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;

namespace Relais.Fieldwork.Steering;

/// <summary>
/// A change as a CloudEvent 1.0 in JSON, structured mode (CNCF, 2018). <c>sequence</c> is the place in the feed, written so that texts sort as the numbers do
/// (extension "sequence"); <c>partitionkey</c> names what order holds for (extension "partitioning").
/// </summary>
internal static class CloudEvents
{
    public const string MediaType = "application/cloudevents+json";
    private const string TypePrefix = "relais.fieldwork.";

    public static JsonObject Of(ChangeRow row)
    {
        var change = row.Change;
        using var facts = JsonDocument.Parse(change.Facts);
        var made = Envelope(change.EventId, change.Kind, change.StudyId, change.At);
        made["subject"] = Subject(change, facts.RootElement);
        made["sequence"] = change.Position?.ToString("D20", CultureInfo.InvariantCulture);
        made["partitionkey"] = Subject(change, facts.RootElement);
        made["data"] = Data(row, facts.RootElement);
        return made;
    }

    /// <summary>What the test button sends.</summary>
    public static JsonObject Test(Guid id, Guid study, DateTimeOffset at)
    {
        var made = Envelope(id, ChangeKinds.Test, study, at);
        made["data"] = new JsonObject { ["text"] = "Relais: a test of this subscription / un essai de cet abonnement" };
        return made;
    }

    private static JsonObject Envelope(Guid id, string kind, Guid study, DateTimeOffset at) => new()
    {
        ["specversion"] = "1.0",
        ["id"] = id.ToString(),
        ["source"] = $"/fieldwork/studies/{study}",
        ["type"] = TypePrefix + kind,
        ["time"] = Moment(at),
        ["datacontenttype"] = "application/json",
    };

    /// <summary>What order holds for: a case, or a quota's cell.</summary>
    private static string Subject(StudyChange change, JsonElement facts) =>
        change.CaseId is { } id ? string.Create(CultureInfo.InvariantCulture, $"case/{id}")
        : facts.TryGetProperty("cell", out var cell) ? string.Create(CultureInfo.InvariantCulture, $"quota-cell/{cell.GetInt32()}")
        : string.Create(CultureInfo.InvariantCulture, $"wave/{change.WaveId}");

    private static JsonObject Data(ChangeRow row, JsonElement facts)
    {
        var data = new JsonObject { ["wave"] = row.Change.WaveId };
        if (row.Change.CaseId is { } id)
        {
            data["case"] = id;
            data["id"] = row.Key;
        }

        switch (row.Change.Kind)
        {
            case ChangeKinds.CaseOutcome:
                AddOutcome(data, facts);
                break;
            default:
                foreach (var fact in facts.EnumerateObject())
                    data[fact.Name] = fact.Value.ValueKind == JsonValueKind.String && fact.Value.TryGetDateTimeOffset(out var at) ? Moment(at) : JsonNode.Parse(fact.Value.GetRawText());
                break;
        }

        return data;
    }

    private static void AddOutcome(JsonObject data, JsonElement facts)
    {
        var (call, counts) = (Outcome.Of(facts.GetProperty("callOutcome").GetInt16()), Outcome.Of(facts.GetProperty("outcome").GetInt16()));
        var state = (CaseState)facts.GetProperty("state").GetInt16();
        data["call"] = new JsonObject
        {
            ["from"] = Moment(facts.GetProperty("from").GetDateTimeOffset()), ["until"] = Moment(facts.GetProperty("until").GetDateTimeOffset()),
            ["outcome"] = call?.Code, ["aapor"] = call?.Aapor, ["called"] = facts.GetProperty("number").GetInt16() >= 0, ["byAppointment"] = facts.GetProperty("byAppointment").GetBoolean(),
        };
        data["state"] = state.ToString().ToLowerInvariant();
        data["outcome"] = counts?.Code;
        data["aapor"] = counts?.Aapor;
        data["tries"] = facts.GetProperty("tries").GetInt32();
        data["next"] = state is CaseState.Ready or CaseState.Appointment ? Moment(facts.GetProperty("due").GetDateTimeOffset()) : null;
    }

    internal static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
