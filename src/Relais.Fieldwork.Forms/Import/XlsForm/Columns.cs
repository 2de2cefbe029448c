namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>What the head of a column says.</summary>
/// <param name="Column">From 1.</param>
/// <param name="Written">As its author wrote it.</param>
/// <param name="Field">One of <see cref="Columns"/>; for a data column of the choices, its own name.</param>
/// <param name="Language">The language of a translated column; null when it names none.</param>
/// <param name="Use">What the importer does with it.</param>
internal sealed record Header(int Column, string Written, string Field, string? Language, ColumnUse Use);

/// <summary>What the importer does with a column.</summary>
internal enum ColumnUse
{
    /// <summary>Reads it.</summary>
    Read,

    /// <summary>Knows it and has no use for it on the telephone.</summary>
    NotUsed,

    /// <summary>Does not know it.</summary>
    Unknown,

    /// <summary>Keeps it with the choice, for filters and searches.</summary>
    Data,
}

/// <summary>Which sheet a column stands in.</summary>
internal enum SheetKind
{
    /// <summary>The questions.</summary>
    Survey,

    /// <summary>The lists of choices, and those of external_choices.</summary>
    Choices,

    /// <summary>One row about the whole form.</summary>
    Settings,
}

/// <summary>The columns of XLSForm and ours, with every other spelling that forms in the field have.</summary>
internal static class Columns
{
    public const string Type = "type", Name = "name", Label = "label", Hint = "hint", Guidance = "guidance_hint";
    public const string Required = "required", RequiredMessage = "required_message", Constraint = "constraint", ConstraintMessage = "constraint_message";
    public const string Relevant = "relevant", Calculation = "calculation", Default = "default", ReadOnly = "read_only", Appearance = "appearance";
    public const string ChoiceFilter = "choice_filter", Parameters = "parameters", RepeatCount = "repeat_count", Trigger = "trigger", Disabled = "disabled";
    public const string ListName = "list_name";
    public const string Instruction = "relais::instruction", Read = "relais::read", Check = "relais::check", CheckMessage = "relais::check_message";
    public const string Order = "relais::order", OrderSeed = "relais::order_seed", Anchor = "relais::anchor";
    public const string Disposition = "relais::disposition", Quota = "relais::quota", Timestamp = "relais::timestamp";

    private static readonly HashSet<string> Translated = new(StringComparer.Ordinal)
    {
        Label, Hint, Guidance, RequiredMessage, ConstraintMessage, Instruction, CheckMessage, "media",
    };

    private static readonly Dictionary<string, string> Survey = Table(
        "type=type,command", "name=name,tag", "label=label,caption", "hint=hint", "guidance_hint=guidance_hint",
        "required=required,bind::required", "required_message=required_message,requiredmsg,bind::jr:requiredmsg",
        "constraint=constraint,bind::constraint", "constraint_message=constraint_message,constraining_message,bind::jr:constraintmsg",
        "relevant=relevant,relevance,bind::relevant,skip_logic", "calculation=calculation,calculate,bind::calculate", "default=default",
        "read_only=read_only,readonly,bind::readonly", "appearance=appearance,body::appearance,control::appearance",
        "choice_filter=choice_filter", "parameters=parameters", "repeat_count=repeat_count,jr:count,count,body::jr:count,control::jr:count",
        "trigger=trigger", "disabled=disabled",
        "relais::instruction=relais::instruction", "relais::read=relais::read", "relais::check=relais::check",
        "relais::check_message=relais::check_message", "relais::order=relais::order", "relais::order_seed=relais::order_seed",
        "relais::anchor=relais::anchor", "relais::disposition=relais::disposition", "relais::quota=relais::quota",
        "relais::timestamp=relais::timestamp", Media);

    private static readonly Dictionary<string, string> Choices = Table(
        "list_name=list_name", "name=name,value", "label=label,caption", "relais::read=relais::read", "relais::anchor=relais::anchor",
        "relais::disposition=relais::disposition", Media);

    private static readonly Dictionary<string, string> Settings = Table(
        "form_title=form_title,set_form_title,title", "form_id=form_id,set_form_id,id_string", "version=version",
        "default_language=default_language", "instance_name=instance_name", "name=name", "allow_choice_duplicates=allow_choice_duplicates", "flat=flat");

    private static readonly HashSet<string> NotUsedInSurvey = new(StringComparer.Ordinal)
    {
        "autoplay", "rows", "buttontext", "noapperrorstring", "intent", "save_to", "note", "notes", "comment", "comments", "sms_field", "sms_option",
        "body", "control", "bind", "instance", "entity",
    };

    private static readonly HashSet<string> NotUsedInSettings = new(StringComparer.Ordinal)
    {
        "style", "public_key", "submission_url", "auto_send", "auto_delete", "omit_instanceid", "clean_text_values", "add_none_option", "namespaces",
        "client_editable", "prefix", "delimiter", "sms_keyword", "sms_separator", "sms_response", "allow_deprecated_choice_filter",
    };

    private const string Media = "media=image,big_image,audio,video,media::image,media::big_image,media::audio,media::video,media::big-image,big-image";

    /// <summary>Reads the head of a column.</summary>
    public static Header Parse(SheetKind sheet, int column, string written)
    {
        var table = TableOf(sheet);
        var text = written.Trim();
        // A single colon separates the language in old forms; "jr:count" is no such thing.
        var whole = Normal(text);
        var tokens = table.ContainsKey(whole) ? [text]
            : text.Contains("::", StringComparison.Ordinal) ? text.Split("::", StringSplitOptions.TrimEntries)
            : text.Split(':', 2, StringSplitOptions.TrimEntries);

        for (var length = tokens.Length; length > 0; length--)
        {
            if (!table.TryGetValue(string.Join("::", tokens.Take(length).Select(Normal)), out var field))
                continue;
            if (length < tokens.Length - 1 || (length < tokens.Length && !Translated.Contains(field)))
                break;
            var language = length < tokens.Length && tokens[length].Length > 0 ? tokens[length] : null;
            return new Header(column, text, field, language, field == "media" ? ColumnUse.NotUsed : ColumnUse.Read);
        }

        var first = Normal(tokens[0]);
        var use = sheet switch
        {
            SheetKind.Survey => NotUsedInSurvey.Contains(first) ? ColumnUse.NotUsed : ColumnUse.Unknown,
            SheetKind.Settings => NotUsedInSettings.Contains(first) ? ColumnUse.NotUsed : ColumnUse.Unknown,
            SheetKind.Choices => tokens.Length == 1 && FormName.IsValid(text) ? ColumnUse.Data : ColumnUse.Unknown,
        };
        return new Header(column, text, text, null, use);
    }

    /// <summary>The column that a misspelt one probably means; null when none is near.</summary>
    public static string? Nearest(SheetKind sheet, string written) => Nearby.Find(Normal(written), TableOf(sheet).Values.Where(name => name != "media"));

    private static Dictionary<string, string> TableOf(SheetKind sheet) => sheet switch
    {
        SheetKind.Survey => Survey,
        SheetKind.Choices => Choices,
        SheetKind.Settings => Settings,
    };

    private static string Normal(string text)
    {
        var normal = string.Join('_', text.Split((char[])[' ', '\t', '\n', '\r', '\u00A0', '_'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        return normal.StartsWith("relais::", StringComparison.Ordinal) || !normal.Contains(':') ? normal.Replace('-', '_') : normal;
    }

    private static Dictionary<string, string> Table(params ReadOnlySpan<string> lines)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var parts = line.Split('=');
            foreach (var spelling in parts[1].Split(','))
                table[spelling] = parts[0];
        }

        return table;
    }
}
