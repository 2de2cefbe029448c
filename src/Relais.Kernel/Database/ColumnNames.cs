using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Relais.Kernel.Database;

/// <summary>Columns are written the way SQL is: LastSeenAt is last_seen_at.</summary>
public static partial class ColumnNames
{
    /// <summary>Names the columns of all that the model has by then: a module's last word on its model.</summary>
    public static void Map(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name) => Hump().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hump();
}
