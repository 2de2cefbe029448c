using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relais.Gateway.Protocols.Agents;

/// <summary>How messages between the server and a site's agent are written: one JSON object (RFC 8259) a text message.</summary>
internal static class AgentJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 4,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    public static T? Read<T>(ReadOnlySpan<byte> message)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(message, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
