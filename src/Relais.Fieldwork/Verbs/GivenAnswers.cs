using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relais.Fieldwork.Verbs;

/// <summary>Answers from a JSON object: by path with positions, by path, or by name; a list answers the times round a repeat in turn.</summary>
internal sealed partial class GivenAnswers(JsonElement answers)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Keys that nothing asked for.</summary>
    public IEnumerable<string> Unused => answers.EnumerateObject().Select(pair => pair.Name).Where(name => !_used.Contains(name));

    /// <summary>The answer to the question at a path; null when there is none.</summary>
    public string? Find(string path)
    {
        if (Take(path) is { } exact)
            return Text(exact);
        var places = Positions().Matches(path).Select(match => int.Parse(match.Groups["n"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        if (Named(path) is not { } value)
            return null;
        foreach (var place in places)
        {
            if (value.ValueKind != JsonValueKind.Array)
                break;
            if (place > value.GetArrayLength())
                return null;
            value = value[place - 1];
        }

        return Text(value);
    }

    /// <summary>How many times round an open repeat: the number given for it, otherwise as many as the longest list that answers one of its questions.</summary>
    public int Passes(string path, IEnumerable<string> questions)
    {
        if (Named(path) is { ValueKind: JsonValueKind.Number } number)
            return number.GetInt32();
        var most = 0;
        foreach (var question in questions)
        {
            if (Named(question) is { ValueKind: JsonValueKind.Array } list)
                most = Math.Max(most, list.GetArrayLength());
        }

        return most;
    }

    private JsonElement? Named(string path)
    {
        var plain = Positions().Replace(path, "");
        return Take(plain) ?? Take(plain[(plain.LastIndexOf('/') + 1)..]);
    }

    private JsonElement? Take(string name)
    {
        if (!answers.TryGetProperty(name, out var value))
            return null;
        _used.Add(name);
        return value;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };

    [GeneratedRegex(@"\[(?<n>\d{1,6})\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Positions();
}
