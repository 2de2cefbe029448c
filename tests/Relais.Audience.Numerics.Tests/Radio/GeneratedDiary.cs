using CsCheck;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>A few people who listen to four stations; every second one belongs to the target "some".</summary>
internal sealed record Person(double Weight, int Stratum, bool Some, (int Station, int QuarterHour)[] Heard);

internal static class GeneratedDiary
{
    public const int Stations = 4;

    public static readonly Band[] Bands =
    [
        Band.TryParse("0500-2400", BroadcastDay.French, out _)!,
        Band.TryParse("0600-0900+2030-2145", BroadcastDay.French, out _)!,
    ];

    public static readonly StationGroup[] Groups = [new("0 and 1", [0, 1]), new("2", [2, 2]), new("all", [0, 1, 2, 3])];

    public static Gen<Person[]> Any { get; } =
        Gen.Select(Gen.Double[0.1, 10], Gen.Int[0, 2], Gen.Bool, Gen.Select(Gen.Int[0, Stations - 1], Gen.Int[0, 75]).Array[0, 12])
            .Select((weight, stratum, some, heard) => new Person(weight, stratum, some, heard)).Array[2, 30];

    public static RadioSample Sample(Person[] people)
    {
        var rows = new ListeningRows(BroadcastDay.French);
        for (var i = 0; i < people.Length; i++)
        {
            foreach (var (station, quarterHour) in people[i].Heard)
                rows.Add(i, station, quarterHour);
        }

        return new(rows.Build(people.Length, Stations), [.. people.Select(person => person.Weight)], [.. people.Select(person => person.Stratum)]);
    }

    public static IndicatorTable Table(Person[] people, int threads = -1) => ComputeIndicators.From(Sample(people), Request(people), threads);

    public static IndicatorRequest Request(Person[] people) =>
        new([Target.All(people.Length), new("some", RespondentMask.Where(people.Length, i => people[i].Some))], Bands, Groups);

    public static IEnumerable<Indicators> Cells(IndicatorTable table) =>
        from target in Enumerable.Range(0, table.Request.Targets.Count)
        from band in Enumerable.Range(0, table.Request.Bands.Count)
        from row in Enumerable.Range(0, table.Rows)
        select table[target, band, row];
}
