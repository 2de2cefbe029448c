using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Relais.Fieldwork.Quotas;

/// <summary>The variables that a wave's quotas speak of.</summary>
internal static class QuotaVariables
{
    public static async Task<IReadOnlyList<string>> OfAsync(FieldworkDb db, int wave, CancellationToken cancel)
    {
        var conditions = await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave).Select(c => c.Conditions).ToListAsync(cancel);
        return [.. conditions.SelectMany(c => Parse(c).Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The names in a JSON object, whatever their values are.</summary>
    public static List<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object ? [.. document.RootElement.EnumerateObject().Select(p => p.Name)] : [];
    }

    public static Dictionary<string, string> Parse(string conditions) => JsonSerializer.Deserialize<Dictionary<string, string>>(conditions) ?? [];
}
