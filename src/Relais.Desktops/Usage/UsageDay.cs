namespace Relais.Desktops.Usage;

/// <summary>A day's hours of one desktop, person and size, added up when the day (of UTC) is over, so that months are read in a glance.</summary>
internal sealed class UsageDay
{
    public DateOnly Day { get; init; }

    public Guid DesktopId { get; init; }

    public Guid PersonId { get; init; }

    public int LimitMiB { get; init; }

    public Guid? PoolId { get; init; }

    public required string Bundle { get; init; }

    public int RunningSeconds { get; init; }

    public int FrozenSeconds { get; init; }

    public int SessionSeconds { get; init; }

    public double CpuSeconds { get; init; }

    /// <summary>Seconds of each of its processors while it ran.</summary>
    public long CoreSeconds { get; init; }

    public int Kills { get; init; }

    public bool WithCache { get; init; }

    public DateTimeOffset LastSlot { get; init; }

    /// <summary>The last hour with a session, by its last sample; null when there was none.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The most memory of each hour, in MiB.</summary>
    public required int[] Peaks { get; init; }

    /// <summary>Adds up hours; what is read and where they lie is filled in.</summary>
    public const string Sum = """
        SELECT ("Hour" AT TIME ZONE 'UTC')::date AS "Day", "DesktopId", "PersonId", "LimitMiB", (array_agg("PoolId"))[1] AS "PoolId",
            (array_agg("Bundle" ORDER BY "LastSlot" DESC))[1] AS "Bundle", sum("RunningSeconds")::int AS "RunningSeconds", sum("FrozenSeconds")::int AS "FrozenSeconds",
            sum("SessionSeconds")::int AS "SessionSeconds", sum("CpuSeconds") AS "CpuSeconds", sum("RunningSeconds"::bigint * "Processors")::bigint AS "CoreSeconds",
            sum("Kills")::int AS "Kills", bool_or("WithCache") AS "WithCache", max("LastSlot") AS "LastSlot",
            max("LastSlot") FILTER (WHERE "SessionSeconds" > 0) AS "UsedAt", array_agg("MemoryMiB") AS "Peaks"
        FROM desktops.usage_hour WHERE "Hour" >= {0} AND "Hour" < {1} GROUP BY 1, 2, 3, 4
        """;
}
