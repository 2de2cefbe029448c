using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Relais.Recordings;

namespace Relais.Gateway.Recordings;

/// <summary>What a recording's header says: docs/recording-format.md.</summary>
/// <param name="Protocol">"rdp", "vnc" or "ssh": what the bytes are.</param>
/// <param name="Clipboard">Whether the clipboard was open: an RDP client has one channel more then.</param>
/// <param name="Key">The key of its payloads, itself encrypted by the institute's data protection keys; null when they are in clear.</param>
internal sealed record RecordingFacts(
    Guid Recording, Guid Session, int Connection, Guid Person, string TargetKind, Guid Target, string TargetName, string Protocol,
    DateTimeOffset StartedAt, bool Clipboard, string? Key)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    };

    public static RecordingFacts Of(Recording row, bool clipboard, string? key) => new(
        row.Id, row.SessionId, row.Connection, row.PersonId, row.TargetKind, row.TargetId, row.TargetName,
        row.Protocol.ToString().ToLowerInvariant(), row.StartedAt, clipboard, key);

    public RecordingHeader Header() => new(Key is not null, JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>Null when the header holds something else.</summary>
    public static RecordingFacts? Read(RecordingHeader header)
    {
        try
        {
            return JsonSerializer.Deserialize<RecordingFacts>(header.Facts.Span, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Relais.Gateway.Recording");
}
