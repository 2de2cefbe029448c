using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relais.Fieldwork;

/// <summary>How the module's documents are written into its rows.</summary>
internal static class FieldworkJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">It is no such document.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("A document that is null.");
}
