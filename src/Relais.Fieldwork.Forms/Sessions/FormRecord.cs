using System.Globalization;
using System.Text.Json;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Checks a record that came from elsewhere with the questionnaire itself.</summary>
public static class FormRecord
{
    /// <summary>Largest record read, in bytes.</summary>
    public const int Largest = 4 << 20;

    /// <summary>
    /// All that is wrong with a record: answers that are missing, impossible or not asked, values that the questionnaire would compute
    /// otherwise. Values that come from the clock are taken as they are; replaying the events (<see cref="FormSession.Restore"/>) checks
    /// those too.
    /// </summary>
    /// <returns>Empty when the interview may be counted as complete; a single problem without a path when the bytes are no record of this form.</returns>
    public static IReadOnlyList<FormProblem> Validate(FormProgram program, ReadOnlyMemory<byte> json)
    {
        if (json.Length > Largest)
            return [NoRecord("larger than 4 MB")];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return Validate(program, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return [NoRecord(e.Message)];
        }
    }

    private static IReadOnlyList<FormProblem> Validate(FormProgram program, JsonElement record)
    {
        if (record.GetProperty("form").GetString() != program.Form.Id || record.GetProperty("version").GetString() != program.Form.Version)
            return [NoRecord($"not of version \"{program.Form.Version}\" of {program.Form.Id}")];
        var start = new SessionStart(record.GetProperty("seed").GetInt64(), Time(record, "started")) { Language = record.GetProperty("language").GetString() };
        var answers = Texts(record, "answers");
        var passes = Texts(record, "passes");
        var confirmed = record.GetProperty("confirmed").EnumerateArray().Select(path => path.GetString() ?? "").ToList();
        return FormSession.Check(program, start, Time(record, "changed"), answers, passes, confirmed);
    }

    private static DateTimeOffset Time(JsonElement record, string name) =>
        DateTimeOffset.ParseExact(record.GetProperty(name).GetString() ?? "", "yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Texts(JsonElement record, string name) =>
        record.GetProperty(name).EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal);

    private static FormProblem NoRecord(string why) => new("", ProblemKind.Unreadable, $"This is no record of this form: {why}.");
}
