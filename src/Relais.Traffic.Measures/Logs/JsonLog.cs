using System.Text;
using System.Text.Json;

namespace Relais.Traffic.Measures.Logs;

/// <summary>A log of JSON objects, one a line; what is nested in them is left.</summary>
public static class JsonLog
{
    public static LineFault TryRead(ReadOnlySpan<byte> line, IReadOnlyDictionary<string, LogField>? named, out LogEntry? entry)
    {
        entry = null;
        var values = new string?[Enum.GetValues<LogField>().Length];
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return LineFault.NotJson;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = LogColumns.Meaning(reader.GetString()!, named);
                reader.Read();
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    reader.Skip();
                else if (field is { } known)
                    values[(int)known] = reader.TokenType == JsonTokenType.String ? reader.GetString() : Encoding.UTF8.GetString(reader.ValueSpan);
            }

            // What follows the object makes the line something else.
            if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
                return LineFault.NotJson;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // GetString throws the second on bytes that are no UTF-8.
            return LineFault.NotJson;
        }

        return LogColumns.TryMake(values, out entry);
    }
}
