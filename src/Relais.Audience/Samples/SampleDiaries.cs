using System.Globalization;
using System.Text;
using Relais.Audience.Universes;

namespace Relais.Audience.Samples;

/// <summary>
/// Interviews that nobody gave: day-after diaries drawn by chance from a seed, with a morning peak, a smaller one at the end of the day, and young men who
/// are harder to reach than they are many. The same seed gives the same bytes on every machine.
/// </summary>
internal sealed class SampleDiaries
{
    private const int QuarterHours = 76;
    private static readonly double[] Listens = [0.62, 0.70, 0.79, 0.82, 0.80];
    private static readonly double[] Answers = [0.55, 0.75, 0.95, 1.15, 1.25];

    private readonly StringBuilder _respondents = new("id,sex,age,region,day\n");
    private readonly StringBuilder _listening = new("id,station,qh\n");
    private readonly double[] _liking;
    private ulong _state;

    private SampleDiaries(ulong seed, int wave) =>
        (_state, _liking) = (seed, [.. SampleStudy.Liking.Select(l => l.Weight * Math.Pow(l.Growth, wave))]);

    public static (byte[] Respondents, byte[] Listening) Make(ulong seed, int wave, int interviews)
    {
        var diaries = new SampleDiaries(seed, wave);
        var cells = FranceUniverse.Margins.Where(m => m.Variable == "sex*age").ToList();
        var regions = FranceUniverse.Margins.Where(m => m.Variable == "region").ToList();
        var drawn = cells.Select(c => c.Total * Answers[AgeOf(c.Level)] * (c.Level.StartsWith('H') ? 0.92 : 1.06)).ToArray();
        for (var id = 1; id <= interviews; id++)
        {
            var cell = cells[diaries.Pick(drawn)].Level;
            var region = regions[diaries.Pick([.. regions.Select(r => r.Total)])].Level;
            diaries.Add(id, cell, region, diaries.Pick([5, 1, 1]));
        }

        return (Encoding.UTF8.GetBytes(diaries._respondents.ToString()), Encoding.UTF8.GetBytes(diaries._listening.ToString()));
    }

    private void Add(int id, string cell, string region, int day)
    {
        var (sex, age) = (cell[..1], cell[2..]);
        _respondents.Append(CultureInfo.InvariantCulture, $"{id},{sex},{age},{region},{(day == 0 ? "LV" : day == 1 ? "S" : "D")}\n");
        var at = AgeOf(cell);
        if (Next() > Listens[at] * (day == 0 ? 1 : day == 1 ? 0.9 : 0.82))
            return;
        var heard = new bool[SampleStudy.Liking.Count, QuarterHours];
        var first = Station(at);
        var second = Next() < 0.42 ? Station(at) : first;
        // Quarter hours after 05:00: breakfast, the way home, noon, and a few who have it on while they work.
        var late = day == 0 ? 0 : 6;
        if (Next() < 0.74)
            Session(heard, first, 9 + late, 3.5, 5);
        if (Next() < 0.30)
            Session(heard, second, 29 + late / 2, 3, 3);
        if (Next() < (day == 0 ? 0.46 : 0.25))
            Session(heard, Next() < 0.7 ? first : second, 50, 4, 4);
        if (Next() < 0.13)
            Session(heard, second, 18 + late, 3, 18);
        if (Next() < 0.16)
            Session(heard, second, 64, 4, 5);
        for (var station = 0; station < heard.GetLength(0); station++)
        {
            for (var quarter = 0; quarter < QuarterHours; quarter++)
            {
                if (heard[station, quarter])
                    _listening.Append(CultureInfo.InvariantCulture, $"{id},{SampleStudy.Settings.Stations[station].Code},{quarter}\n");
            }
        }
    }

    private void Session(bool[,] heard, int station, double start, double spread, double length)
    {
        var from = (int)Math.Round(start + spread * (Next() + Next() + Next() - 1.5) * 1.6);
        var until = from + 1 + (int)(-Math.Log(1 - Next()) * length);
        for (var quarter = Math.Max(0, from); quarter < Math.Min(QuarterHours, until); quarter++)
            heard[station, quarter] = true;
    }

    private int Station(int age) => Pick([.. _liking.Select((w, s) => w * Math.Pow(0.68, Math.Abs(SampleStudy.Liking[s].Age - age)))]);

    private static int AgeOf(string cell) => FranceUniverse.Ages.Select((a, at) => (a.Name, at)).Single(a => cell.EndsWith(a.Name, StringComparison.Ordinal)).at;

    private int Pick(double[] weights)
    {
        var left = Next() * weights.Sum();
        for (var at = 0; at < weights.Length - 1; at++)
        {
            left -= weights[at];
            if (left < 0)
                return at;
        }

        return weights.Length - 1;
    }

    // SplitMix64 (Steele, Lea, Flood 2014): the library's generator may change with its version.
    private double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
