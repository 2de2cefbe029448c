using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>
/// The canonical JSON of a definition: UTF-8, no blanks, properties in a fixed order, those at their default left out, enums by name.
/// The same definition always gives the same bytes, so a hash of them names a version.
/// </summary>
public static class FormJson
{
    /// <summary>The canonical bytes.</summary>
    public static byte[] Write(FormDefinition form) => JsonSerializer.SerializeToUtf8Bytes(form, FormJsonContext.Default.FormDefinition);

    /// <summary>The definition of canonical bytes, or of any JSON with the same properties.</summary>
    /// <exception cref="JsonException">The bytes are no definition.</exception>
    public static FormDefinition Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, FormJsonContext.Default.FormDefinition) ?? throw new JsonException("The JSON is null: a form definition was wanted.");
}

/// <summary>How definitions are serialised; without reflection, so that it survives trimming.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    MaxDepth = 512)]
[JsonSerializable(typeof(FormDefinition))]
public sealed partial class FormJsonContext : JsonSerializerContext;
