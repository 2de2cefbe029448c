using System.Text;
using CsCheck;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;
using static Relais.Fieldwork.Forms.Tests.Sessions.Form;

namespace Relais.Fieldwork.Forms.Tests.Sessions;

public sealed class RecordTests
{
    private static readonly FormProgram Program = FormProgram.Compile(Of(
        Compute("/f/id", "concat('uuid:', uuid())"),
        Compute("/f/opened", "now()"),
        Ask("/f/order", QuestionType.Hidden),
        Ask("/f/blocks", QuestionType.Hidden),
        Ask("/f/stamp", QuestionType.Hidden),
        Select("/f/heard", "stations", QuestionType.SelectMultiple) with { Choices = new ChoiceSource { List = "stations", Order = new ItemOrder(OrderKind.Rotate, null, "/f/order") }, TimestampPath = "/f/stamp" },
        Select("/f/best", "stations", filter: "selected(/f/heard, name)") with { Choices = new ChoiceSource { List = "stations", Randomize = true, Filter = X("selected(/f/heard, name)") }, Required = X("/f/heard != ''") },
        Group("/f/b", Group("/f/b/one", Ask("/f/b/one/q")), Group("/f/b/two", Ask("/f/b/two/q")), Group("/f/b/three", Ask("/f/b/three/q"))) with { Order = new ItemOrder(OrderKind.Random, null, "/f/blocks") },
        Ask("/f/n", QuestionType.WholeNumber) with { Constraint = X(". < 4") },
        Repeat("/f/child", "/f/n", Ask("/f/child/name"), Ask("/f/child/age", QuestionType.WholeNumber)),
        Repeat("/f/car", null, Ask("/f/car/make")),
        Compute("/f/ages", "sum(/f/child/age)")));

    private static readonly string[] Paths = ["/f/heard", "/f/best", "/f/n", "/f/child[1]/name", "/f/child[2]/age", "/f/car[1]/make", "/f/b/two/q", "/f/nothing", "/f/id"];

    [Fact]
    public void Orders_are_drawn_from_the_seed_and_recorded()
    {
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 40; seed++)
        {
            var session = FormSession.Start(Program, new SessionStart(seed, At));
            Assert.Equal(session.Value("/f/order").Split(' '), session.Screen().Questions[0].Choices.Select(choice => choice.Name));
            Assert.EndsWith(" s6", session.Value("/f/order"), StringComparison.Ordinal);
            Assert.Equal(string.Join(' ', session.Value("/f/blocks").Split(' ').Select(block => $"b/{block}/q")), string.Join(' ', session.Walk().Split(' ').Where(path => path.StartsWith("b/", StringComparison.Ordinal))));
            orders.Add(session.Value("/f/order") + session.Value("/f/blocks"));
        }

        Assert.InRange(orders.Count, 15, 30);
    }

    [Fact]
    public void The_same_start_and_events_give_the_same_bytes() => Script().Sample(script =>
    {
        var session = Run(script.Seed, script.Steps);
        var again = FormSession.Restore(Program, session.Begun, session.Events, out var refused);
        Assert.Null(refused);
        Assert.Equal(Encoding.UTF8.GetString(session.Record(withTimes: true)), Encoding.UTF8.GetString(again.Record(withTimes: true)));
        Assert.Equal(session.Events, again.Events);
    }, iter: 300);

    [Fact]
    public void A_record_has_the_problems_that_its_interview_had() => Script().Sample(script =>
    {
        var session = Run(script.Seed, script.Steps);
        Assert.Equal(session.Problems(), FormRecord.Validate(Program, session.Record()));
    }, iter: 300);

    [Fact]
    public void A_record_that_was_changed_on_the_way_is_refused()
    {
        var session = FormSession.Start(Program, new SessionStart(5, At));
        session.Give("/f/n", "2");
        session.Give("/f/child[2]/age", "30");
        var record = Encoding.UTF8.GetString(session.Record());
        Assert.Empty(Check(record));
        Assert.Equal(ProblemKind.NotComputed, Assert.Single(Check(record.Replace("\"/f/ages\":\"30\"", "\"/f/ages\":\"31\"", StringComparison.Ordinal))).Kind);
        Assert.Equal(ProblemKind.NotAsked, Check(record.Replace("\"/f/n\":\"2\"", "\"/f/n\":\"1\"", StringComparison.Ordinal))[0].Kind);
        Assert.Equal(ProblemKind.Constraint, Check(record.Replace("\"/f/n\":\"2\"", "\"/f/n\":\"4\"", StringComparison.Ordinal))[^1].Kind);
        Assert.Equal(ProblemKind.NotAsked, Check(record.Replace("\"/f/n\":\"2\"", "\"/f/n\":\"2\",\"/f/else\":\"1\"", StringComparison.Ordinal))[0].Kind);
        Assert.Equal(ProblemKind.Unreadable, Assert.Single(Check(record.Replace("\"version\":\"1\"", "\"version\":\"2\"", StringComparison.Ordinal))).Kind);
        Assert.Equal(ProblemKind.Unreadable, Assert.Single(Check("[1")).Kind);
        Assert.Equal(ProblemKind.Unreadable, Assert.Single(Check("{}")).Kind);
    }

    [Fact]
    public void A_default_that_was_taken_back_stays_away_on_the_server()
    {
        var program = FormProgram.Compile(Of(Ask("/f/a") with { Default = "x" }, Ask("/f/b") with { DefaultExpression = X("concat(/f/a, 'y')"), Required = X("true()") }));
        var session = FormSession.Start(program, new SessionStart(5, At));
        Assert.Equal("xy", session.Value("/f/b"));
        Assert.Empty(FormRecord.Validate(program, session.Record()));
        session.Give("/f/a", "");
        session.Give("/f/b", "");
        Assert.Equal(ProblemKind.Missing, FormRecord.Validate(program, session.Record()).Single().Kind);
    }

    [Fact]
    public void Remarks_and_confirmations_stay_with_their_time_round_when_another_goes()
    {
        var session = FormSession.Start(Program, new SessionStart(5, At));
        session.AddPass("/f/car", At);
        session.AddPass("/f/car", At);
        session.Give("/f/car[2]/make", "B");
        session.Comment("/f/car[2]/make", "sure", At);
        session.RemovePass("/f/car[1]", At);
        Assert.Contains("\"comments\":{\"/f/car[1]/make\":\"sure\"}", Encoding.UTF8.GetString(session.Record()), StringComparison.Ordinal);
    }

    [Fact]
    public void Replaying_what_does_not_fit_says_which_step()
    {
        var session = FormSession.Restore(Program, new SessionStart(5, At), [new(1, FormEventKind.Answer, "/f/n", "2", "", At), new(2, FormEventKind.Answer, "/f/n", "9", "", At)], out var refused);
        Assert.Equal(("/f/n", ProblemKind.Constraint), (refused!.Path, refused.Kind));
        Assert.Equal("2", session.Value("/f/n"));
        Assert.Single(session.Events);
    }

    [Fact]
    public void An_interview_that_was_cut_goes_on_after_its_last_answer()
    {
        var session = FormSession.Start(Program, new SessionStart(5, At));
        session.Give("/f/heard", "s1 s2");
        var resumed = FormSession.Restore(Program, session.Begun, session.Events, out _);
        Assert.Equal("/f/best", resumed.Screen().Key);
    }

    [Fact]
    public void The_first_showing_and_the_answer_are_timed_where_asked()
    {
        var session = FormSession.Start(Program, new SessionStart(5, At));
        Assert.Equal(FormEventKind.Shown, session.Events.Single().Kind);
        session.Answer("/f/heard", "s1", At.AddSeconds(7));
        Assert.Equal("2026-11-26T10:00:00.000+01:00 2026-11-26T10:00:07.000+01:00", session.Value("/f/stamp"));
    }

    private static IReadOnlyList<FormProblem> Check(string record) => FormRecord.Validate(Program, Encoding.UTF8.GetBytes(record));

    private static Gen<(long Seed, (int Kind, int Path, int Value)[] Steps)> Script() =>
        Gen.Select(Gen.Long, Gen.Select(Gen.Int[0, 9], Gen.Int[0, Paths.Length - 1], Gen.Int[0, 5]).Array[0, 30]);

    private static FormSession Run(long seed, (int Kind, int Path, int Value)[] steps)
    {
        var session = FormSession.Start(Program, new SessionStart(seed, At));
        var at = At;
        foreach (var (kind, path, value) in steps)
        {
            at = at.AddSeconds(3);
            _ = kind switch
            {
                0 => session.AddPass("/f/car", at),
                1 => session.RemovePass("/f/car[1]", at),
                2 => session.SwitchLanguage(value % 2 == 0 ? "en" : "fr", at),
                3 => session.Next(at),
                4 => session.Comment(Paths[path], "?", at),
                5 => session.Confirm(Paths[path], at),
                _ => session.Answer(Paths[path], Paths[path] is "/f/heard" or "/f/best" ? $"s{value}" : $"{value}", at),
            };
        }

        return session;
    }
}
