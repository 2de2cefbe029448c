using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Telephony.Pacing.Simulation;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>The institute's own calls as the start of a trial.</summary>
public sealed class MeasuredCallsTests(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    [Fact]
    public async Task The_answer_rate_of_the_last_weeks_is_offered_once_there_were_enough_calls()
    {
        var now = app.Clock.GetUtcNow();
        await AddAsync(150, 10, now);
        // Others are too old.
        await AddAsync(300, 1, now.AddDays(-40));
        Assert.Null(await app.InTelephonyAsync(db => MeasuredCalls.ReadAsync(db, now, CancellationToken.None)));
        await AddAsync(150, 5, now);
        Assert.Equal(new MeasuredCalls(300, 0.15, 12), await app.InTelephonyAsync(db => MeasuredCalls.ReadAsync(db, now, CancellationToken.None)));

        var page = await (await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor))).GetAsync("/fieldwork/pacing");
        Assert.Contains("15 % décrochés", page.Text.Replace('\u202f', ' ').Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("a[href='/fieldwork/pacing?answer=15']"));
    }

    // Each n-th is answered after 12 s.
    private Task AddAsync(int count, int each, DateTimeOffset now) => app.InTelephonyAsync(db => db.Database.ExecuteSqlAsync(
        $"""
         INSERT INTO telephony.call (id, person_id, number, node, trunk_id, trunk_name, caller, state, asked_at, answered_at, ended_at, tried, received, lost, jitter_ms, wanted)
         SELECT gen_random_uuid(), gen_random_uuid(), '+33123456789', 'test', gen_random_uuid(), '', '', 'Ended', at, CASE WHEN n % {each} = 0 THEN at + interval '12 s' END, at + interval '1 min',
             ARRAY[]::text[], 0, 0, 0, true
         FROM (SELECT n, {now}::timestamptz - n * interval '1 min' - interval '2 min' AS at FROM generate_series(1, {count}) n) calls
         """));
}
