using System.Text.Json;
using System.Text.Unicode;
using Relais.Audience.Files;

namespace Relais.Audience.Indicators;

/// <summary>JSON that remembers on which line each value stands, for errors that say where. Comments and a last comma are allowed.</summary>
internal sealed record PlacedJson(JsonTokenType Kind, string Text, long Line, IReadOnlyList<(string Name, PlacedJson Value)> Members)
{
    /// <summary>Whether it is <c>{ }</c>.</summary>
    public bool IsObject => Kind == JsonTokenType.StartObject;

    /// <summary>Whether it is <c>[ ]</c>; its items are members without names.</summary>
    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsText => Kind == JsonTokenType.String;

    public static PlacedJson Read(string path)
    {
        using var file = TextFile.Open(path);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        var bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        if (bytes.StartsWith("\xEF\xBB\xBF"u8))
            bytes = bytes[3..];
        CheckEncoding(path, bytes);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            reader.Read();
            var value = Value(ref reader, bytes);
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            var column = FormattableString.Invariant($"{e.BytePositionInLine + 1}");
            throw new BadFileException(path, e.LineNumber + 1, column, "this is not JSON", "Look for a missing quotation mark, comma or bracket there.");
        }
    }

    /// <summary>The member of that name, or null.</summary>
    public PlacedJson? Find(string name) => Members.FirstOrDefault(member => member.Name == name).Value;

    private static void CheckEncoding(string path, ReadOnlySpan<byte> bytes)
    {
        var number = 0;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            number++;
            if (!Utf8.IsValid(bytes[line]))
                throw new BadFileException(path, number, null, "the line is not UTF-8", "Save the file as UTF-8; one in Windows-1252 is converted by: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.");
        }
    }

    private static PlacedJson Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var line = 1 + bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
        var kind = reader.TokenType;
        if (kind is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return new(kind, Scalar(ref reader), line, []);

        var members = new List<(string, PlacedJson)>();
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var name = "";
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString() ?? "";
                reader.Read();
            }

            members.Add((name, Value(ref reader, bytes)));
        }

        return new(kind, "", line, members);
    }

    private static string Scalar(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        ? reader.GetString() ?? ""
        : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
}
