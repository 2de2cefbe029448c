using System.Xml.Linq;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>Which question a control with its bind is, in the words of XLSForm.</summary>
internal static class XFormControls
{
    public static bool IsControl(string element) => element is "input" or "select1" or "select" or "rank" or "trigger" or "range" or "upload" or "secret" or "textarea";

    public static (string Word, QuestionType Type) Of(XElement control, XElement? bind)
    {
        var type = bind?.Get("type") ?? "string";
        type = type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return control.Name.LocalName switch
        {
            "select1" => ("select_one", QuestionType.SelectOne),
            "select" => ("select_multiple", QuestionType.SelectMultiple),
            "rank" => ("rank", QuestionType.Rank),
            "trigger" => ("acknowledge", QuestionType.Acknowledge),
            "range" => ("range", QuestionType.Range),
            "upload" => (control.Get("mediatype")?.Split('/')[0] switch { "image" => "image", "audio" => "audio", "video" => "video", _ => "file" }, QuestionType.NotAsked),
            // pyxform writes a note as an input that can never be answered.
            _ when type == "string" && bind?.Get("readonly") == "true()" && bind.Get("calculate") is null => ("note", QuestionType.Note),
            _ => Input(type),
        };
    }

    /// <summary>A node that no control asks.</summary>
    public static (string Word, QuestionType Type, MetadataKind Metadata) Unasked(XElement? bind) => (bind?.Jr("preload"), bind?.Jr("preloadParams")) switch
    {
        ("timestamp", "start") => ("start", QuestionType.Metadata, MetadataKind.Start),
        ("timestamp", "end") => ("end", QuestionType.Metadata, MetadataKind.End),
        ("date", "today") => ("today", QuestionType.Metadata, MetadataKind.Today),
        ("property", "username") => ("username", QuestionType.Metadata, MetadataKind.Username),
        ("property", "deviceid" or "uri:deviceid") => (bind?.Jr("preloadParams") ?? "", QuestionType.Metadata, MetadataKind.DeviceId),
        ("property", { } other) => (other, QuestionType.Metadata, MetadataKind.None),
        ({ } other, _) => (other, QuestionType.Metadata, MetadataKind.None),
        _ when bind?.Get("calculate") is not null => ("calculate", QuestionType.Calculate, MetadataKind.None),
        _ => ("hidden", QuestionType.Hidden, MetadataKind.None),
    };

    public static AnswerType AnswerOf(XElement? bind) => (bind?.Get("type") is { } type ? type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..] : "string") switch
    {
        "int" or "integer" or "long" => AnswerType.Whole,
        "decimal" => AnswerType.Number,
        "date" => AnswerType.Date,
        "time" => AnswerType.Time,
        "dateTime" => AnswerType.DateTime,
        "boolean" => AnswerType.Boolean,
        "geopoint" or "geotrace" or "geoshape" or "binary" or "barcode" => AnswerType.Other,
        _ => AnswerType.Text,
    };

    private static (string Word, QuestionType Type) Input(string type) => type switch
    {
        "int" or "integer" or "long" => ("integer", QuestionType.WholeNumber),
        "decimal" => ("decimal", QuestionType.Number),
        "date" => ("date", QuestionType.Date),
        "time" => ("time", QuestionType.Time),
        "dateTime" => ("dateTime", QuestionType.DateTime),
        "geopoint" or "geotrace" or "geoshape" or "barcode" => (type, QuestionType.NotAsked),
        "binary" => ("file", QuestionType.NotAsked),
        _ => ("text", QuestionType.Text),
    };
}
