using System.Text.Json;

namespace Relais.Desktops.Transfer;

/// <summary>
/// Reads a bundle's <c>transfer</c>: a word for the direction, or an object with <c>direction</c>, <c>largestMiB</c> and <c>types</c>. Pure.
/// </summary>
internal static class TransferReader
{
    private static readonly string[] Directions = ["none", "in", "out", "both"];
    private static readonly string[] Known = ["direction", "largestMiB", "types"];

    /// <param name="wrong">Told of each fault: its key, its reason, what was found.</param>
    public static BundleTransfer Read(JsonElement root, Action<string, string, string> wrong)
    {
        if (!root.TryGetProperty("transfer", out var found))
            return BundleTransfer.None;
        if (found.ValueKind != JsonValueKind.Object)
            return BundleTransfer.None with { Direction = Direction(found, "transfer", wrong) };
        foreach (var key in found.EnumerateObject().Select(p => p.Name).Where(k => !Known.Contains(k, StringComparer.Ordinal)))
            wrong($"transfer.{key}", "unknown", string.Join(", ", Known));
        var direction = "none";
        if (found.TryGetProperty("direction", out var word))
            direction = Direction(word, "transfer.direction", wrong);
        else
            wrong("transfer.direction", "missing", "");
        return new BundleTransfer(direction, Largest(found, wrong), Types(found, wrong));
    }

    private static string Direction(JsonElement found, string key, Action<string, string, string> wrong)
    {
        var text = found.ValueKind == JsonValueKind.String ? found.GetString() ?? "" : found.GetRawText();
        if (Directions.Contains(text, StringComparer.Ordinal))
            return text;
        wrong(key, "choice", $"{text}; {string.Join(", ", Directions)}");
        return "none";
    }

    private static int Largest(JsonElement transfer, Action<string, string, string> wrong)
    {
        if (!transfer.TryGetProperty("largestMiB", out var found))
            return BundleTransfer.UsualMiB;
        if (found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number is >= 1 and <= BundleTransfer.MostMiB)
            return number;
        wrong("transfer.largestMiB", "number", $"{found.GetRawText()}; 1-{BundleTransfer.MostMiB}");
        return BundleTransfer.UsualMiB;
    }

    private static IReadOnlyList<string> Types(JsonElement transfer, Action<string, string, string> wrong)
    {
        if (!transfer.TryGetProperty("types", out var found))
            return FileTypes.Usual;
        if (found.ValueKind != JsonValueKind.Array)
        {
            wrong("transfer.types", "list", found.GetRawText());
            return [];
        }

        List<string> types = [];
        foreach (var (at, item) in found.EnumerateArray().Index())
        {
            // What cannot be told by its content would be a rule by name alone.
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } type && FileTypes.Knows(type))
                types.Add(type);
            else
                wrong($"transfer.types[{at}]", "choice", $"{item.GetRawText()}; {string.Join(", ", FileTypes.Usual)}");
        }

        return types;
    }
}
