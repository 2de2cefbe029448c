using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>What a type cell means.</summary>
internal enum RowKind
{
    /// <summary>A question or anything with a value.</summary>
    Question,

    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,

    /// <summary>Data from a file for pulldata and instance().</summary>
    ExternalFile,

    /// <summary>Known, and a form with it cannot be run here.</summary>
    Unsupported,

    Unknown,
}

/// <summary>A type cell, read.</summary>
/// <param name="Kind">What stands in the row.</param>
/// <param name="Word">The type in its usual spelling.</param>
/// <param name="Question">The type of a question.</param>
/// <param name="List">List or file of a select; empty for others.</param>
/// <param name="OrOther">Adds "other" to the choices.</param>
internal sealed record TypeWords(RowKind Kind, string Word, QuestionType Question = QuestionType.Text, string List = "", bool OrOther = false)
{
    private static readonly Dictionary<string, (string Word, QuestionType Type)> Simple = new(StringComparer.Ordinal)
    {
        ["text"] = ("text", QuestionType.Text), ["string"] = ("text", QuestionType.Text), ["add text prompt"] = ("text", QuestionType.Text),
        ["integer"] = ("integer", QuestionType.WholeNumber), ["int"] = ("integer", QuestionType.WholeNumber), ["add integer prompt"] = ("integer", QuestionType.WholeNumber),
        ["decimal"] = ("decimal", QuestionType.Number), ["add decimal prompt"] = ("decimal", QuestionType.Number),
        ["range"] = ("range", QuestionType.Range),
        ["date"] = ("date", QuestionType.Date), ["add date prompt"] = ("date", QuestionType.Date),
        ["time"] = ("time", QuestionType.Time),
        ["datetime"] = ("dateTime", QuestionType.DateTime), ["date time"] = ("dateTime", QuestionType.DateTime), ["add datetime prompt"] = ("dateTime", QuestionType.DateTime),
        ["acknowledge"] = ("acknowledge", QuestionType.Acknowledge), ["trigger"] = ("acknowledge", QuestionType.Acknowledge), ["add acknowledge prompt"] = ("acknowledge", QuestionType.Acknowledge),
        ["note"] = ("note", QuestionType.Note), ["add note prompt"] = ("note", QuestionType.Note),
        ["calculate"] = ("calculate", QuestionType.Calculate), ["add calculate prompt"] = ("calculate", QuestionType.Calculate),
        ["hidden"] = ("hidden", QuestionType.Hidden),
        ["start"] = ("start", QuestionType.Metadata), ["start time"] = ("start", QuestionType.Metadata), ["get start time"] = ("start", QuestionType.Metadata),
        ["end"] = ("end", QuestionType.Metadata), ["end time"] = ("end", QuestionType.Metadata), ["get end time"] = ("end", QuestionType.Metadata),
        ["today"] = ("today", QuestionType.Metadata), ["get today"] = ("today", QuestionType.Metadata), ["imei"] = ("deviceid", QuestionType.Metadata),
        ["deviceid"] = ("deviceid", QuestionType.Metadata), ["device id"] = ("deviceid", QuestionType.Metadata), ["get device id"] = ("deviceid", QuestionType.Metadata),
        ["username"] = ("username", QuestionType.Metadata), ["phonenumber"] = ("phonenumber", QuestionType.Metadata), ["phone number"] = ("phonenumber", QuestionType.Metadata),
        ["email"] = ("email", QuestionType.Metadata), ["simserial"] = ("simserial", QuestionType.Metadata), ["sim id"] = ("simserial", QuestionType.Metadata),
        ["subscriberid"] = ("subscriberid", QuestionType.Metadata), ["subscriber id"] = ("subscriberid", QuestionType.Metadata), ["audit"] = ("audit", QuestionType.Metadata),
        ["start-geopoint"] = ("start-geopoint", QuestionType.Metadata), ["background-audio"] = ("background-audio", QuestionType.Metadata),
        ["listening-day"] = ("listening-day", QuestionType.ListeningDay), ["listening_day"] = ("listening-day", QuestionType.ListeningDay), ["listening day"] = ("listening-day", QuestionType.ListeningDay),
        ["geopoint"] = ("geopoint", QuestionType.NotAsked), ["location"] = ("geopoint", QuestionType.NotAsked), ["gps"] = ("geopoint", QuestionType.NotAsked), ["add location prompt"] = ("geopoint", QuestionType.NotAsked),
        ["geotrace"] = ("geotrace", QuestionType.NotAsked), ["geoshape"] = ("geoshape", QuestionType.NotAsked), ["barcode"] = ("barcode", QuestionType.NotAsked), ["add barcode prompt"] = ("barcode", QuestionType.NotAsked),
        ["image"] = ("image", QuestionType.NotAsked), ["photo"] = ("image", QuestionType.NotAsked), ["add image prompt"] = ("image", QuestionType.NotAsked),
        ["audio"] = ("audio", QuestionType.NotAsked), ["add audio prompt"] = ("audio", QuestionType.NotAsked),
        ["video"] = ("video", QuestionType.NotAsked), ["add video prompt"] = ("video", QuestionType.NotAsked), ["file"] = ("file", QuestionType.NotAsked),
    };

    private static readonly string[] One = ["select_one_external", "select_one", "select one from", "select one", "select1"];
    private static readonly string[] Many = ["select_multiple", "select multiple from", "select multiple", "select all that apply from", "select all that apply", "select_many"];

    /// <summary>Reads a type cell. Case and further blanks do not matter; the list's name keeps its case.</summary>
    public static TypeWords Parse(string cell)
    {
        var text = string.Join(' ', cell.Split((char[])[' ', '\t', '\u00A0', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        var lower = text.ToLowerInvariant();
        if (Simple.TryGetValue(lower, out var simple))
            return new(RowKind.Question, simple.Word, simple.Type);
        if (lower.StartsWith("uri:", StringComparison.Ordinal))
            return new(RowKind.Question, lower, QuestionType.Metadata);

        return lower.Replace('_', ' ') switch
        {
            "begin group" => new(RowKind.BeginGroup, "begin group"),
            "end group" => new(RowKind.EndGroup, "end group"),
            "begin repeat" or "begin lgroup" => new(RowKind.BeginRepeat, "begin repeat"),
            "end repeat" or "end lgroup" => new(RowKind.EndRepeat, "end repeat"),
            "csv-external" => new(RowKind.ExternalFile, "csv-external"),
            "xml-external" => new(RowKind.ExternalFile, "xml-external"),
            "begin loop" or "end loop" or "osm" or "begin looped group" => new(RowKind.Unsupported, lower),
            _ => Select(text, lower),
        };
    }

    private static TypeWords Select(string text, string lower)
    {
        if (lower.StartsWith("begin loop", StringComparison.Ordinal) || lower.StartsWith("begin_loop", StringComparison.Ordinal) || lower.StartsWith("osm ", StringComparison.Ordinal))
            return new(RowKind.Unsupported, text);
        if (After(text, lower, ["select_one_from_file"]) is { } oneFile)
            return Of(QuestionType.SelectOne, "select_one_from_file", oneFile);
        if (After(text, lower, ["select_multiple_from_file"]) is { } manyFile)
            return Of(QuestionType.SelectMultiple, "select_multiple_from_file", manyFile);
        if (After(text, lower, One) is { } one)
            return Of(QuestionType.SelectOne, "select_one", one);
        if (After(text, lower, Many) is { } many)
            return Of(QuestionType.SelectMultiple, "select_multiple", many);
        if (After(text, lower, ["rank"]) is { } rank)
            return Of(QuestionType.Rank, "rank", rank);
        return new(RowKind.Unknown, text);
    }

    private static TypeWords Of(QuestionType type, string word, string rest)
    {
        foreach (var other in (ReadOnlySpan<string>)[" or_other", " or specify other", " or other"])
        {
            if (rest.EndsWith(other, StringComparison.OrdinalIgnoreCase))
                return new(RowKind.Question, word, type, rest[..^other.Length].Trim(), OrOther: true);
        }

        return new(RowKind.Question, word, type, rest.Trim());
    }

    private static string? After(string text, string lower, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (lower == word)
                return "";
            if (lower.StartsWith(word + " ", StringComparison.Ordinal))
                return text[(word.Length + 1)..];
        }

        return null;
    }

    /// <summary>The spellings that a misspelt type is compared with.</summary>
    public static IEnumerable<string> Known => Simple.Values.Select(s => s.Word).Concat(["begin group", "end group", "begin repeat", "end repeat", "select_one", "select_multiple", "rank"]).Distinct(StringComparer.Ordinal);
}
