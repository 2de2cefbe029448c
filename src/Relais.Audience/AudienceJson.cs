using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relais.Audience;

/// <summary>How the module's documents are written into its rows: always the same text for the same content.</summary>
internal static class AudienceJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidOperationException("A document that is null.");
}
