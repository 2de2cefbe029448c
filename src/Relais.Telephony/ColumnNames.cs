using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Relais.Telephony;

/// <summary>Columns are written the way SQL is: DueAt is due_at.</summary>
internal static partial class ColumnNames
{
    public static void Map(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name) => Hump().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hump();
}
