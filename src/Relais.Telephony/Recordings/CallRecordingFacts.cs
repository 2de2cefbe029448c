using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Relais.Recordings;

namespace Relais.Telephony.Recordings;

/// <summary>What the header of a call's recording says: docs/recording-format.md. No number and no name.</summary>
/// <param name="Kind">"call".</param>
/// <param name="Key">The key of the payloads, itself encrypted by the institute's data protection keys.</param>
internal sealed record CallRecordingFacts(string Kind, Guid Call, DateTimeOffset StartedAt, string Key)
{
    public const string CallKind = "call";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public RecordingHeader Header() => new(Sealed: true, JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>Null when the header holds something else.</summary>
    public static CallRecordingFacts? Read(RecordingHeader header)
    {
        try
        {
            return JsonSerializer.Deserialize<CallRecordingFacts>(header.Facts.Span, Json) is { Kind: CallKind } facts && header.Sealed ? facts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Relais.Telephony.CallRecording");
}
