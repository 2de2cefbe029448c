using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Bench;

/// <summary>
/// A made-up season of a radio reference: four of five people listen, to one to three stations, in spells of up to two and a half hours; few stations are
/// heard by many. Six variables m0 to m5, of which m4 are 22 regions.
/// </summary>
internal sealed class BenchDiary
{
    public const int Interviews = 126_000;
    public const int Stations = 100;
    public const int Region = 4;
    private static readonly int[] Levels = [2, 5, 3, 9, 22, 3];
    private readonly IReadOnlyList<(string Name, string Expression)> _targets = TargetTexts();

    public BenchDiary()
    {
        var random = new Random(126);
        for (var respondent = 0; respondent < Interviews; respondent++)
        {
            var stations = random.NextDouble() < 0.78 ? 1 + random.Next(3) : 0;
            for (var i = 0; i < stations; i++)
            {
                var station = (int)(Stations * Math.Pow(random.NextDouble(), 2.5));
                for (var spells = 1 + random.Next(2); spells > 0; spells--)
                {
                    var start = random.Next(70);
                    for (var quarterHour = start; quarterHour < Math.Min(76, start + 1 + random.Next(10)); quarterHour++)
                        Rows.Add((respondent, station, quarterHour));
                }
            }
        }

        Codes = Array.ConvertAll(Levels, count => Enumerable.Range(0, Interviews).Select(_ => (ushort)random.Next(count)).ToArray());
        Weights = [.. Enumerable.Range(0, Interviews).Select(_ => 200 + 500 * random.NextDouble())];
    }

    public static IReadOnlyList<StationGroup> Groups { get; } = [new("three", [0, 1, 2]), new("twenty", [.. Enumerable.Range(10, 20)])];

    public List<(int Respondent, int Station, int QuarterHour)> Rows { get; } = [];

    public ushort[][] Codes { get; }

    public double[] Weights { get; }

    /// <summary>The rows as bits, and the seconds that it took.</summary>
    public (Listening Listening, double Seconds) Listening()
    {
        var begun = Stopwatch.GetTimestamp();
        var collected = new ListeningRows(BroadcastDay.French);
        foreach (var (respondent, station, quarterHour) in Rows)
            collected.Add(respondent, station, quarterHour);
        return (collected.Build(Interviews, Stations), Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    public static IReadOnlyList<Band> Bands()
    {
        var hours = Enumerable.Range(5, 19).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{hour:00}00-{hour + 1:00}00"));
        return [.. hours.Prepend("0500-2400").Select(text => Band.TryParse(text, BroadcastDay.French, out var error) ?? throw new InvalidOperationException(error))];
    }

    public IReadOnlyList<Target> CompiledTargets()
    {
        var variables = Codes.Select((codes, at) => new Variable($"m{at}", [.. Enumerable.Range(0, Levels[at]).Select(Text)], Array.ConvertAll(codes, code => (int)code))).ToList();
        return [.. _targets.Select(target => new Target(target.Name,
            TargetExpression.Compile(target.Expression, variables, Interviews, out var error) ?? throw new InvalidOperationException($"{error}")))];
    }

    public IReadOnlyList<Margin> Margins() =>
        [.. Codes.Select((codes, at) => new CellMargin($"m{at}", [.. Enumerable.Range(0, Levels[at]).Select(Text)], codes, new double[Levels[at]]))];

    /// <summary>The files for the verb: r.csv, l.csv, t.json and g.json.</summary>
    public void Write(string folder)
    {
        File.WriteAllLines(Path.Combine(folder, "r.csv"), Enumerable.Range(0, Interviews)
            .Select(i => $"{Text(i)},{string.Join(',', Codes.Select(codes => Text(codes[i])))},{Weights[i].ToString("G17", CultureInfo.InvariantCulture)}")
            .Prepend("id,m0,m1,m2,m3,m4,m5,weight"));
        File.WriteAllLines(Path.Combine(folder, "l.csv"), Rows.Select(row => $"{Text(row.Respondent)},S{Text(row.Station)},{Text(row.QuarterHour)}").Prepend("id,station,qh"));
        File.WriteAllText(Path.Combine(folder, "t.json"), JsonSerializer.Serialize(_targets.ToDictionary(target => target.Name, target => target.Expression, StringComparer.Ordinal)));
        File.WriteAllText(Path.Combine(folder, "g.json"), JsonSerializer.Serialize(Groups.ToDictionary(group => group.Name, group => group.Stations.Select(station => $"S{Text(station)}"), StringComparer.Ordinal)));
    }

    // Everybody, each level of each variable, and combinations up to 50.
    public static IReadOnlyList<(string Name, string Expression)> TargetTexts()
    {
        var targets = new List<(string, string)> { ("all", "all") };
        for (var variable = 0; variable < Levels.Length; variable++)
            targets.AddRange(Enumerable.Range(0, Levels[variable]).Select(level => ($"m{Text(variable)} {Text(level)}", $"m{Text(variable)} = {Text(level)}")));
        for (var level = 0; targets.Count < 50; level++)
            targets.Add(($"both {Text(level)}", $"m0 = {Text(level % 2)} and m1 in ({Text(level % 5)}, {Text((level + 2) % 5)})"));
        return targets;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
