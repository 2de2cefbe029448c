using CsCheck;
using Relais.Telephony.Contracts;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>The limit on abandoned calls, when several nodes call for one campaign and any interviewer may be anywhere.</summary>
public sealed class SharedLimitTests
{
    private const long Midnight = 1440 * 30;

    [Fact]
    public void However_many_nodes_place_calls_and_whatever_becomes_of_them_no_more_are_abandoned_than_the_limit_bears() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 5], Gen.Int[0, 3000], Gen.Int[0, 1000].Array[400], Gen.Bool).Sample((nodes, limit, before, steps, ahead) =>
        {
            var day = new AbandonmentLimit(limit / 100.0, Midnight + 700, Midnight, Midnight + 1440);
            var paces = Enumerable.Range(0, nodes).Select(_ => new CampaignPace()).ToArray();
            // Of each node: interviewers who wait, and calls that ring. An interviewer leaves only with a call.
            var (ready, ringing) = (new int[nodes], new int[nodes]);
            var (answered, abandoned, now) = (before, 0, 0.0);
            foreach (var step in steps)
            {
                now += 1;
                var node = step % nodes;
                switch (step / 10 % 4)
                {
                    case 0:
                        ready[node]++;
                        break;
                    case 1 when ringing[node] > 0:
                        // Answered: somebody is free, or it is abandoned.
                        (ringing[node], answered) = (ringing[node] - 1, answered + 1);
                        if (ready[node] > 0)
                            ready[node]--;
                        else
                            abandoned++;
                        Assert.True(abandoned <= (day.Limit * answered) + 1e-9, $"{abandoned} of {answered}");
                        break;
                    case 2 when ringing[node] > 0 && step % 7 == 0:
                        ringing[node]--;
                        break;
                    default:
                        var elsewhere = Enumerable.Range(0, nodes).Where(n => n != node).Sum(n => Math.Max(0, ringing[n] - ready[n]));
                        var sight = new PaceSight(now, ready[node], [.. Enumerable.Repeat(now - 5, ringing[node])], 0, [], [], elsewhere);
                        ringing[node] += paces[node].Place(ahead, sight, [new LedgerMinute(Midnight + 690, answered, abandoned)], day);
                        break;
                }
            }
        }, iter: 200);
}
