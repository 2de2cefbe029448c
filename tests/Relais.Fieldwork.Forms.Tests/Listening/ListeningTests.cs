using System.Globalization;
using CsCheck;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Forms.Tests.Sessions;

namespace Relais.Fieldwork.Forms.Tests.Listening;

public sealed class ListeningTests
{
    private static readonly ListeningDay Day = new("stations", 300, 1740, 15, "places", "devices", "moments");

    private static readonly FormDefinition Radio = Form.Of(Form.Ask("/f/day", QuestionType.ListeningDay) with { ListeningDay = Day }) with
    {
        Lists =
        [
            List("stations", ("inter", "France Inter", []), ("nrj", "NRJ", [new("frequency", "100.3")]), ("old", "Ancienne", [new("ended", "2025-12-31")])),
            List("places", ("home", "Domicile", []), ("car", "Voiture", [])),
            List("devices", ("fm", "Poste FM", []), ("web", "Internet", [])),
            List("moments", ("up", "Au réveil", [new("from", "06:00"), new("to", "09:00")]), ("noon", "À midi", [new("from", "12:00"), new("to", "14:00")]), ("night", "La nuit", [new("from", "23:00"), new("to", "05:00")])),
        ],
    };

    [Theory]
    [InlineData("0700-0830:inter", "0700-0830:inter")]
    [InlineData("1200-1230:nrj:car 0700-0830:inter,nrj:home:fm", "0700-0830:inter,nrj:home:fm 1200-1230:nrj:car")]
    [InlineData("2500-2530:nrj::fm", "2500-2530:nrj::fm")]
    [InlineData(" - ", "-")]
    public void A_journal_is_stored_sorted_in_one_form(string typed, string stored)
    {
        var session = Form.Start(Radio, 1);
        session.Give("/f/day", typed);
        Assert.Equal(stored, session.Value("/f/day"));
    }

    [Theory]
    [InlineData("0700-0700:inter", ProblemKind.Unreadable)]
    [InlineData("0700-0800:", ProblemKind.Unreadable)]
    [InlineData("0700-0800:inter,inter", ProblemKind.Unreadable)]
    [InlineData("0400-0500:inter", ProblemKind.Constraint)]
    [InlineData("2800-2915:inter", ProblemKind.Constraint)]
    [InlineData("0705-0800:inter", ProblemKind.Constraint)]
    [InlineData("0700-0800:unknown", ProblemKind.Constraint)]
    [InlineData("0700-0800:inter:moon", ProblemKind.Constraint)]
    [InlineData("0700-0800:inter 0745-0900:nrj,inter", ProblemKind.Constraint)]
    public void What_cannot_be_is_refused(string typed, ProblemKind kind) => Assert.Equal(kind, Form.Start(Radio, 1).Answer("/f/day", typed, Form.At).Problems.Single().Kind);

    [Theory]
    [InlineData("0700-0800:inter:home:fm 0815-0900:inter:home:fm", ListeningDoubt.Gap)]
    [InlineData("0700-0800:inter:home:fm 0730-0900:nrj:home:fm", ListeningDoubt.Overlap)]
    [InlineData("0700-0800:inter:home:fm 0730-0900:nrj:car:fm", ListeningDoubt.TwoPlaces)]
    [InlineData("2530-2800:inter", ListeningDoubt.Asleep)]
    [InlineData("0700-1215:inter", ListeningDoubt.LongStretch)]
    [InlineData("0700-0800:old", ListeningDoubt.Ended)]
    [InlineData("0500-0945:inter 1100-1545:inter 1700-2145:nrj", ListeningDoubt.LongDay)]
    public void What_is_unlikely_must_be_confirmed(string typed, ListeningDoubt doubt)
    {
        var found = ListeningChecks.Doubts(ListeningJournal.Parse(typed, out _)!, Day, Radio, new DateOnly(2026, 11, 25));
        Assert.Equal(doubt, Assert.Single(found).Doubt);
        var session = Form.Start(Radio, 1);
        session.Give("/f/day", typed);
        Assert.Equal(ProblemKind.Doubtful, session.Next(Form.At).Problems.Single().Kind);
        Assert.True(session.Confirm("/f/day", Form.At).Accepted);
        Assert.True(session.Next(Form.At).Accepted);
    }

    [Fact]
    public void Ordinary_listening_is_not_doubted() =>
        Assert.Empty(ListeningChecks.Doubts(ListeningJournal.Parse("0700-0830:inter:home:fm 0830-0900:inter:car:fm 1800-1900:nrj 2200-2530:inter", out _)!, Day, Radio, new DateOnly(2026, 11, 25)));

    [Fact]
    public void Every_quarter_hour_heard_is_a_row_of_the_listening_file()
    {
        var journal = ListeningJournal.Parse("0500-0530:nrj 0515-0545:inter 2845-2900:nrj", out _)!;
        Assert.Equal([new("nrj", 0), new("inter", 1), new("nrj", 1), new("inter", 2), new HeardQuarter("nrj", 95)], journal.Quarters(Day));
        Assert.Equal(60, journal.Minutes());
    }

    [Theory]
    [InlineData("7-830", "7:00", "8:30")]
    [InlineData("7h10 8h20", "7:00", "8:30")]
    [InlineData("7 à 8", "7:00", "8:00")]
    [InlineData("07:00 - 07:15", "7:00", "7:15")]
    [InlineData("22-1", "22:00", "25:00")]
    [InlineData("1-2", "25:00", "26:00")]
    [InlineData("4h30-5", "28:30", "29:00")]
    [InlineData("7+45", "7:00", "7:45")]
    [InlineData("2330 0015", "23:30", "24:15")]
    [InlineData("8-8", null, null)]
    [InlineData("4-6", null, null)]
    [InlineData("7-8h75", null, null)]
    [InlineData("", null, null)]
    [InlineData("-", null, null)]
    [InlineData("midi", null, null)]
    public void Hours_are_read_as_they_are_typed(string typed, string? from, string? to)
    {
        var stretch = ListeningTime.ReadStretch(typed, Day);
        Assert.Equal(from is null ? null : (Minute(from), Minute(to!)), stretch);
    }

    [Fact]
    public void Moments_without_radio_are_asked_about_in_turn()
    {
        var moments = ListeningMoments.Of(Radio, Day, ListeningJournal.Parse("0730-0900:inter", out _)!);
        Assert.Equal([90, 0, 0], moments.Select(moment => moment.HeardMinutes));
        Assert.Equal("noon", ListeningMoments.Next(moments, new HashSet<string>(StringComparer.Ordinal))!.Prompt.Name);
        Assert.Equal("night", ListeningMoments.Next(moments, new HashSet<string>(StringComparer.Ordinal) { "noon" })!.Prompt.Name);
        Assert.Equal((1380, 1740), (moments[2].From, moments[2].To));
    }

    [Fact]
    public void No_text_breaks_the_journal_or_the_hours() => Gen.String[Gen.Char["0123456789-:,% h+abr"], 0, 30].Sample(text =>
    {
        if (ListeningJournal.Parse(text, out _) is { } journal)
        {
            Assert.Equal(journal.Write(), ListeningJournal.Parse(journal.Write(), out _)!.Write());
            ListeningChecks.Doubts(journal, Day, Radio, new DateOnly(2026, 1, 1));
            ListeningChecks.Refusal(journal, Day, Radio);
            journal.Quarters(Day);
        }

        if (ListeningTime.ReadStretch(text, Day) is { } stretch)
            Assert.True(stretch.From >= 300 && stretch.From < stretch.To && stretch.To <= 1740 && stretch.From % 15 == 0 && stretch.To % 15 == 0);
    }, iter: 30_000);

    private static int Minute(string clock) => int.Parse(clock.Split(':')[0], CultureInfo.InvariantCulture) * 60 + int.Parse(clock.Split(':')[1], CultureInfo.InvariantCulture);

    private static ChoiceList List(string name, params IReadOnlyList<(string Name, string Label, NamedValue[] Columns)> choices) =>
        new(name, [.. choices.Select(c => new Choice(c.Name, Form.Text(c.Label, c.Label), Origin.File) { Columns = c.Columns })], [], Origin.File);
}
