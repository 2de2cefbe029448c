using System.Text.Json;

namespace Relais.Fieldwork.Interviews;

/// <summary>The record of a completed interview (<see cref="Forms.Sessions.FormSession.Record"/>), as far as it is read again.</summary>
/// <param name="Answers">By path, in the order of the questionnaire; a question of a repeated group has its number in the path: <c>/study/person[2]/age</c>.</param>
/// <param name="Times">When each question was last answered.</param>
internal sealed record InterviewRecord(IReadOnlyDictionary<string, string> Answers, IReadOnlyDictionary<string, string> Times)
{
    /// <summary>The interviewer's remarks, by path.</summary>
    public IReadOnlyDictionary<string, string> Comments { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Paths of the answers that a soft check doubted and that were confirmed.</summary>
    public IReadOnlySet<string> Confirmed { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    public static InterviewRecord Read(string json)
    {
        if (json.Length == 0)
            return new InterviewRecord(new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new InterviewRecord(Texts(root, "answers"), Texts(root, "times"))
        {
            Comments = Texts(root, "comments"),
            Confirmed = root.TryGetProperty("confirmed", out var confirmed) ? confirmed.EnumerateArray().Select(c => c.GetString() ?? "").ToHashSet(StringComparer.Ordinal) : [],
        };
    }

    private static Dictionary<string, string> Texts(JsonElement record, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (record.TryGetProperty(name, out var inner))
        {
            foreach (var text in inner.EnumerateObject())
                texts[text.Name] = text.Value.GetString() ?? "";
        }

        return texts;
    }
}
