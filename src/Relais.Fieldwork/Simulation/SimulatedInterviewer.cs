using System.Collections.Concurrent;
using System.Net;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Simulation;

/// <summary>How a simulation goes.</summary>
/// <param name="Speed">How many times faster than people they think and talk.</param>
/// <param name="Breaks">How many of a hundred interviews lose their browser in the midst: it is opened again and goes on.</param>
/// <param name="Abandons">How many of a hundred lose it for good: the case comes back by itself.</param>
internal sealed record SimulationPlan(double Speed, int Breaks, int Abandons, int Seed);

/// <summary>
/// An interviewer who works through the same interface as the console and with the same engine of forms: takes cases, calls, asks, records. Who answers is
/// <see cref="SimulatedRespondent"/>.
/// </summary>
internal sealed class SimulatedInterviewer(InterviewerClient client, SimulationPlan plan, SimulationTally tally, TimeProvider clock)
{
    private static readonly ConcurrentDictionary<Guid, Task<FormProgram>> Programs = new();

    // Of a hundred calls; the rest agree to an interview.
    private static readonly (string Outcome, int Share)[] Calls =
        [("no-answer", 34), ("busy", 6), ("machine", 14), ("refused", 9), ("refused-for-now", 4), ("not-available", 4), ("appointment", 5), ("disconnected", 4), ("business", 2), ("silent-call", 1)];

    private const int LatestWish = 19;

    // A console gives a sign as often, so that its case stays.
    private const double SignOfLifeSeconds = 10;

    private readonly Random _chance = new(plan.Seed);
    private DateTimeOffset _signed;

    public async Task WorkAsync(CancellationToken cancel)
    {
        await client.SignInAsync(cancel);
        while (!cancel.IsCancellationRequested)
        {
            await SignAsync(cancel);
            var (_, next, fault) = await client.PostAsync<TakeCase.Response>("/api/fieldwork/cases/next", new { Command = Id() }, cancel);
            if (next?.Case is not { } held)
            {
                tally.Idle(next?.Why ?? fault);
                await ThinkAsync(30, cancel);
                continue;
            }

            await CallAsync(held, cancel);
        }
    }

    // As a console does, every ten seconds.
    private async Task SignAsync(CancellationToken cancel)
    {
        if (clock.GetUtcNow() - _signed < TimeSpan.FromSeconds(10))
            return;
        _signed = clock.GetUtcNow();
        await client.PostAsync<Teams.SignOfConsole.Response>("/api/fieldwork/console/sign", new { Doing = "between" }, cancel);
    }

    private async Task CallAsync(TakeCase.Held held, CancellationToken cancel)
    {
        await RingAsync(held, cancel);
        var draw = _chance.Next(100);
        foreach (var (outcome, share) in Calls)
        {
            if ((draw -= share) >= 0)
                continue;
            var wish = outcome == "appointment" ? Wish(held.Zone) : null;
            var (status, _, fault) = await client.PostAsync<CloseCase.Response>(
                $"/api/fieldwork/cases/{held.Case}/close", new { Command = Id(), held.Fence, Outcome = outcome, Number = held.Numbers[0].Position, Appointment = wish }, cancel);
            tally.Ended(status == HttpStatusCode.OK ? outcome : fault);
            return;
        }

        await InterviewAsync(held.Case, held.Fence, cancel);
    }

    private async Task InterviewAsync(long id, long fence, CancellationToken cancel)
    {
        var respondent = new SimulatedRespondent(_chance.Next());
        var (breaks, abandons) = (_chance.Next(100) < plan.Breaks, _chance.Next(100) < plan.Abandons);
        var trouble = _chance.Next(1, 12);
        var (_, begun, lost) = await client.PostAsync<BeginInterview.Response>("/api/fieldwork/interviews", new { Case = id, Fence = fence, OffsetMinutes = 60 }, cancel);
        if (begun is null)
        {
            tally.Ended(lost);
            return;
        }

        var program = await Programs.GetOrAdd(begun.Questionnaire, key => LoadAsync(key, cancel));
        // A session may note things by itself, as that a question was shown: all that is not stored yet goes with the next answer.
        var (session, sent) = (Restore(program, begun), begun.Events.Count);
        for (var screens = 0; !session.IsAtEnd; screens++)
        {
            await ThinkAsync(6, cancel);
            if (screens == trouble && abandons)
            {
                tally.Ended("(abandoned)");
                return;
            }

            if (screens == trouble && breaks)
            {
                // The browser is closed and opened again: what was acknowledged is there, and with it the interview goes on.
                var (_, again, fault) = await client.PostAsync<TakeCase.Response>("/api/fieldwork/cases/next", new { Command = Id() }, cancel);
                if (again?.Case is not { } held || held.Case != id)
                {
                    tally.Ended(fault.Length > 0 ? fault : "(lost its case)");
                    return;
                }

                fence = held.Fence;
                (_, begun, fault) = await client.PostAsync<BeginInterview.Response>("/api/fieldwork/interviews", new { Case = id, Fence = fence, OffsetMinutes = 60 }, cancel);
                if (begun is null)
                {
                    tally.Ended(fault);
                    return;
                }

                (session, sent) = (Restore(program, begun), begun.Events.Count);
            }

            if (!respondent.Answer(session, Now()))
            {
                await EndAsync(begun.Id, fence, sent, "broke-off", cancel);
                return;
            }

            var (_, taken, refusal) = await client.PostAsync<TakeAnswers.Response>(
                $"/api/fieldwork/interviews/{begun.Id}/answers", new { Fence = fence, Events = session.Events.Skip(sent).ToList() }, cancel);
            if (taken is null)
            {
                tally.Ended(refusal);
                return;
            }

            tally.Acknowledged(begun.Id, session.Events, taken.Acknowledged);
            sent = (int)taken.Acknowledged;
            if (taken.QuotaFull)
            {
                await EndAsync(begun.Id, fence, sent, "quota-full", cancel);
                return;
            }
        }

        await EndAsync(begun.Id, fence, sent, session.Disposition ?? "complete", cancel);
    }

    private async Task EndAsync(Guid interview, long fence, int last, string outcome, CancellationToken cancel)
    {
        var (_, ended, fault) = await client.PostAsync<EndInterview.Response>(
            $"/api/fieldwork/interviews/{interview}/end", new { Command = Id(), Fence = fence, Last = last, Outcome = outcome }, cancel);
        tally.Ended(ended?.Outcome ?? fault);
    }

    private async Task<FormProgram> LoadAsync(Guid questionnaire, CancellationToken cancel) =>
        FormProgram.Compile(FormJson.Read(System.Text.Encoding.UTF8.GetBytes(await client.ReadAsync($"/api/fieldwork/questionnaires/{questionnaire}/form", cancel))));

    private static FormSession Restore(FormProgram program, BeginInterview.Response begun) =>
        begun.Events.Count == 0 ? FormSession.Start(program, begun.Start) : FormSession.Restore(program, begun.Start, begun.Events, out _);

    private Guid Id() => Guid.CreateVersion7(clock.GetUtcNow());

    // As it travels: to the millisecond, in the interviewer's zone.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()).ToOffset(TimeSpan.FromHours(1));

    // In the next hours, by the respondent's own clock; some ask for an hour at which nobody is called, and choose another.
    private CloseCase.Wish Wish(string zone)
    {
        var local = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime.AddMinutes(_chance.Next(15, 180));
        return new CloseCase.Wish(local.Hour < LatestWish ? local : local.Date.AddDays(1).AddHours(_chance.Next(11, LatestWish)), Hard: _chance.Next(2) == 0, ForMe: _chance.Next(2) == 0);
    }

    private async Task RingAsync(TakeCase.Held held, CancellationToken cancel)
    {
        var left = Seconds(12);
        for (; left > SignOfLifeSeconds; left -= SignOfLifeSeconds)
        {
            await WaitAsync(SignOfLifeSeconds, cancel);
            await client.PostAsync<KeepCase.Response>($"/api/fieldwork/cases/{held.Case}/keep", new { held.Fence }, cancel);
        }

        await WaitAsync(left, cancel);
    }

    // About so many seconds, as people differ.
    private Task ThinkAsync(double seconds, CancellationToken cancel) => WaitAsync(Seconds(seconds), cancel);

    private double Seconds(double mean) => -mean * Math.Log(1 - _chance.NextDouble());

    private Task WaitAsync(double seconds, CancellationToken cancel) => Task.Delay(TimeSpan.FromSeconds(seconds / plan.Speed), clock, cancel);
}
