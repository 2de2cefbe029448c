using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.Localization;
using Relais.Desktops.Desktops;
using Relais.Desktops.Usage;
using Relais.Portal.Kit;
using static Relais.Desktops.Usage.UsageShown;

namespace Relais.Tests.Desktops;

/// <summary>What follows from what desktops took.</summary>
public sealed class UsageRules
{
    private static readonly DateOnly Day = new(2026, 11, 27);

    [Fact]
    public void A_steady_week_comes_again_as_it_was() =>
        Gen.Int[1, 600].Sample(most =>
        {
            var peak = Forecast.Of(History(56, (day, hour) => IsWorkday(day) && hour == 9 ? most : most / 2), Day, 0);
            Assert.NotNull(peak);
            Assert.Equal(9, peak.Hour);
            Assert.Equal(most, peak.Value, 6);
            Assert.Equal(0, peak.Error, 6);
        }, iter: 20);

    [Fact]
    public void A_range_holds_its_value_and_is_never_negative() =>
        Gen.Int[0, 600].Array[24 * 56].Sample(values =>
        {
            var peak = Forecast.Of(History(56, (day, hour) => values[((Day.DayNumber - day.DayNumber - 1) * 24) + hour]), Day, 0);
            Assert.NotNull(peak);
            Assert.InRange(peak.Value, peak.Low, peak.High);
            Assert.True(peak.Low >= 0);
        }, iter: 20);

    [Fact]
    public void One_odd_day_moves_nothing_and_growth_goes_on()
    {
        var odd = Forecast.Of(History(56, (day, hour) => hour == 9 ? day == Day.AddDays(-14) ? 5 : 400 : 100), Day, 0);
        Assert.Equal(400, odd?.Value ?? 0, 6);
        var growing = Forecast.Of(History(56, (day, _) => 1000 - ((Day.DayNumber - day.DayNumber) / 7 * 10)), Day, 0);
        Assert.Equal(1000, growing?.Value ?? 0, 6);
    }

    [Fact]
    public void Too_little_history_gives_no_answer()
    {
        Assert.Null(Forecast.Of([], Day, 0));
        Assert.Null(Forecast.Of(History(20, (_, _) => 10), Day, 0));
        Assert.Null(Forecast.Of(History(22, (_, _) => 10), Day, 0));
        Assert.NotNull(Forecast.Of(History(27, (_, _) => 10), Day, 0));
    }

    [Fact]
    public void Sizes_are_judged_by_what_was_needed()
    {
        Verdict Of(double hours, long p95, bool used = true, bool settled = true, int kills = 0) => Verdicts.Of(hours, used, settled, p95, 2048, kills);
        Assert.Equal(Verdict.TooLittleSeen, Of(5, 100));
        Assert.Equal(Verdict.TooLittleSeen, Of(0, 0, used: false, settled: false));
        Assert.Equal(Verdict.Unused, Of(0, 0, used: false));
        Assert.Equal(Verdict.Unused, Of(50, 100, used: false));
        Assert.Equal(Verdict.TooLarge, Of(50, 600));
        Assert.Equal(Verdict.Fits, Of(50, 1200));
        Assert.Equal(Verdict.TooSmall, Of(50, 2000));
        Assert.Equal(Verdict.TooSmall, Of(2, 900, kills: 1));
        Assert.Equal(1024, Verdicts.SuggestMiB(Verdict.TooLarge, 600, 2048));
        Assert.Equal(3072, Verdicts.SuggestMiB(Verdict.TooSmall, 2000, 2048));
        Assert.Null(Verdicts.SuggestMiB(Verdict.TooLarge, 100, 512));
    }

    [Fact]
    public void Of_a_hundred_hours_ninety_five_keep_below_the_memory_that_is_said() =>
        Gen.Int[0, 4096].Array[1, 800].Sample(peaks =>
        {
            var p95 = Verdicts.P95(peaks);
            Assert.True(peaks.Count(p => p <= p95) >= 0.95 * peaks.Length);
            Assert.True(peaks.Count(p => p < p95) < 0.95 * peaks.Length);
        }, iter: 50);

    [Fact]
    public void Kills_are_counted_from_the_sample_before_and_from_the_start_of_an_instance()
    {
        var before = new UsageHour { Bundle = "b", KillCounter = 3, CpuCounter = 10 };
        UsageSample At(long cpu, long kills) => new(Guid.Empty, false, 1, 1, 1, cpu) { KillCounter = kills };
        Assert.Equal(2, NoteUsage.Kills(before, At(11, 5)));
        Assert.Equal(0, NoteUsage.Kills(before, At(11, 3)));
        Assert.Equal(0, NoteUsage.Kills(before, At(11, 1)));
        Assert.Equal(1, NoteUsage.Kills(before, At(2, 1)));
        Assert.Equal(4, NoteUsage.Kills(null, At(2, 4)));
        Assert.Equal(0, NoteUsage.Kills(null, At(2, UsageSample.NotCounted)));
    }

    [Fact]
    public void The_kernels_count_is_read_from_either_version_of_its_groups()
    {
        var root = Directory.CreateTempSubdirectory("relais-groups-");
        try
        {
            void Write(string path, string text)
            {
                var file = Path.Combine(root.FullName, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            Write("lxc.payload.d-2/memory.events", "low 0\noom 4\noom_kill 3\noom_group_kill 0\n");
            Write("memory/lxc.payload.d-1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
            Write("memory/lxc.payload.d-1/system.slice/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
            Assert.Equal(3, KernelKills.Of("d-2", root.FullName));
            Assert.Equal(3, KernelKills.Of("d-1", root.FullName));
            Assert.Null(KernelKills.Of("d-3", root.FullName));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void Metrics_of_an_engine_are_read_by_instance_and_what_is_none_is_passed_over()
    {
        var read = EngineMetrics.Read("""
            # HELP lxd_memory_Inactive_file_bytes The amount of file-backed memory on inactive LRU list.
            # TYPE lxd_memory_Inactive_file_bytes gauge
            lxd_memory_Inactive_file_bytes{name="d-1",project="default",type="container"} 1.048576e+08
            lxd_memory_OOM_kills_total{project="default",name="d-1",type="container"} 2
            incus_memory_OOM_kills_total{name="d-2",project="default",type="container"} 1
            lxd_memory_Inactive_file_bytes{name="d-3",project="default",type="container"} much
            lxd_memory_Inactive_file_bytes{hostname="d-4"} 1
            lxd_memory_Inactive_file_bytes{name="d-5
            lxd_memory_RSS_bytes{name="d-1",project="default",type="container"} 5
            """);
        Assert.Equal(["d-1", "d-2"], read.Keys.Order());
        Assert.Equal(new MemoryFigures(104_857_600, 2), read["d-1"]);
        Assert.Equal(new MemoryFigures(null, 1), read["d-2"]);
    }

    [Fact]
    public void Any_text_is_read_without_a_fault() =>
        Gen.String[Gen.Char["lxd_memory_OOM_kills_total{name=\"} 19e+\n"], 0, 200].Sample(text => EngineMetrics.Read($"lxd_memory_OOM_kills_total{{{text}"), iter: 500);

    [Fact]
    public void A_tag_is_one_line_and_there_once_whatever_its_capitals()
    {
        Assert.Equal("Présidentielle 2027", DesktopTags.Read("  Présidentielle   2027 "));
        Assert.Null(DesktopTags.Read(" "));
        Assert.Null(DesktopTags.Read("a,b"));
        Assert.Null(DesktopTags.Read("a\nb"));
        Assert.Null(DesktopTags.Read(new string('x', DesktopTags.Longest + 1)));
        Assert.Equal(["alpha", "Beta"], DesktopTags.With(["Beta"], "alpha"));
        Assert.Null(DesktopTags.With(["Beta"], "BETA"));
        Assert.Empty(DesktopTags.Without(["Beta"], "BETA") ?? ["?"]);
        Assert.Null(DesktopTags.With([.. Enumerable.Range(0, DesktopTags.Most).Select(i => $"{i}")], "more"));
    }

    [Fact]
    public void What_lacks_is_said_with_how_many_desktops_that_is()
    {
        var text = new Words();
        Peak Of(double value, double high) => new(9, value, value - 10, high, 0, 10);
        Assert.Equal(StateKind.Good, UsageWords.Room(text, Of(4096, 5000), 8192, 1024).State);
        Assert.Equal(StateKind.Warning, UsageWords.Room(text, Of(8000, 9000), 8192, 1024).State);
        var (state, words) = UsageWords.Room(text, Of(10_000, 11_000), 8192, 1024);
        Assert.Equal(StateKind.Bad, state);
        Assert.EndsWith("|2", words, StringComparison.Ordinal);
        Assert.Equal(StateKind.Neutral, UsageWords.Room(text, Of(1, 2), 0, 0).State);
    }

    [Fact]
    public void Sums_by_tag_hold_each_desktop_under_each_of_its_tags()
    {
        UsageLine Line(string person, double running, params string[] tags) =>
            new() { Desktop = Guid.NewGuid(), PersonId = Guid.NewGuid(), Person = person, Bundle = "b", Tags = tags, RunningHours = running, SessionHours = 1, Cost = running };
        var period = UsageQuery.Of(null, null, Day)!;
        var report = UsageReport.Of([Line("Anne", 10, "A", "B"), Line("Paul", 5, "a"), Line("Zoé", 2)], period, []);
        Assert.Equal([("A", 2, 15.0), ("B", 1, 10.0), ("", 1, 2.0)], report.Tags.Select(t => (t.Name, t.Desktops, t.RunningHours)));
        Assert.Equal(17, report.Total.Cost);
        Assert.Equal("Paul", Assert.Single(UsageReport.Of([Line("Anne", 10, "A"), Line("Paul", 5, "B")], period with { Tag = "b" }, []).Lines).Person);
        Assert.Null(UsageQuery.Of(Day, Day.AddDays(-1), Day));
        Assert.Equal(30, (period.End - period.Start).TotalDays);
    }

    [Fact]
    public void A_counter_that_went_back_began_anew()
    {
        var before = new UsageHour { Bundle = "b", CpuCounter = 9_000_000_000 };
        Assert.Equal(1, NoteUsage.CpuSeconds(before, 10_000_000_000));
        Assert.Equal(2, NoteUsage.CpuSeconds(before, 2_000_000_000));
        Assert.Equal(0, NoteUsage.CpuSeconds(null, 2_000_000_000));
    }

    [Fact]
    public void What_the_engine_says_is_read_and_what_is_stopped_is_left_out()
    {
        const string Row = "0197a0b0-0000-7000-8000-000000000001";
        JsonObject Said(string status) => (JsonObject)JsonNode.Parse($$"""
            {"status":"{{status}}","config":{"user.relais.desktop":"{{Row}}","limits.memory":"2GiB","limits.cpu":"2"},
             "name": "d-1", "state": { "memory": { "usage": 524288000 }, "cpu": { "usage": 7000000000 } } }
            """)!;
        var figures = new Dictionary<string, MemoryFigures>();
        var sample = new UsageSample(Guid.Parse(Row), false, 500, 2048, 2, 7_000_000_000);
        Assert.Equal(sample with { WithCache = true, KillCounter = UsageSample.NotCounted }, TakeSamples.Read(Said("Running"), figures));
        Assert.True(TakeSamples.Read(Said("Frozen"), figures)?.Frozen);
        Assert.Null(TakeSamples.Read(Said("Stopped"), figures));
        figures["d-1"] = new MemoryFigures(104_857_600, 3);
        Assert.Equal(sample with { MemoryMiB = 400, KillCounter = 3 }, TakeSamples.Read(Said("Running"), figures));
    }

    [Fact]
    public async Task A_file_of_the_report_runs_nothing_and_has_the_commas_of_its_reader()
    {
        var line = new UsageLine
        {
            Desktop = Guid.Empty, PersonId = Guid.Empty, Person = "=HYPERLINK(\"x\");a", Bundle = "b", Tags = ["@cmd", "B"], RunningHours = 1.5, LimitMiB = 2048, Cost = 3.25, Saved = -0.5,
            Verdict = Verdict.TooSmall,
        };
        async Task<string> WriteAsync(string culture)
        {
            await using var text = new StringWriter();
            await UsageCsv.WriteAsync(text, [line], [], "EUR", CultureInfo.GetCultureInfo(culture));
            return text.ToString();
        }

        var french = await WriteAsync("fr");
        Assert.Contains(";\"'=HYPERLINK(\"\"x\"\");a\";;b;'@cmd | B;1,50;", french, StringComparison.Ordinal);
        Assert.Contains(";tooSmall;;3,25;-0,50;EUR\r\n", french, StringComparison.Ordinal);
        Assert.Contains(",tooSmall,,3.25,-0.50,EUR\r\n", await WriteAsync("en"), StringComparison.Ordinal);
    }

    private static bool IsWorkday(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static List<HourPeak> History(int days, Func<DateOnly, int, double> of) =>
        [.. Enumerable.Range(1, days).SelectMany(back => Enumerable.Range(0, 24).Select(hour => new HourPeak(Day.AddDays(-back), hour, of(Day.AddDays(-back), hour))))];

    // Says only what it was given.
    private sealed class Words : IStringLocalizer
    {
        public LocalizedString this[string name] => new(name, name);

        public LocalizedString this[string name, params object[] arguments] => new(name, string.Join('|', arguments));

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => [];
    }
}
