using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Fieldwork.Contracts;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Events;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Verification;

/// <summary>
/// <c>relais fieldwork verify [--wave N] [--journal FILE]...</c>: reads calls, quotas and interviews as they stand at one moment, and holds them against what is
/// promised. Exit code 1 when something is wrong, 2 when it was called wrongly. It changes nothing, and may be called while people work.
/// </summary>
internal static class VerifyVerb
{
    public static readonly Verb Verb = new("fieldwork verify", "hold calls, quotas and answers against the rules; exit code 1 when something is wrong", RunAsync);

    private const int UsageError = 2;

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var (wave, journal) = (0, new AnswerJournal());
        for (var i = 0; i < call.Arguments.Count; i += 2)
        {
            var value = i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : "";
            if (call.Arguments[i] == "--wave" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out wave))
                continue;
            if (call.Arguments[i] != "--journal" || !await TryReadAsync(journal, value, call.Error, cancel))
            {
                await call.Error.WriteLineAsync("usage: relais fieldwork verify [--wave N] [--journal FILE]...");
                return UsageError;
            }
        }

        await using var scope = call.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        // One moment for all that is read, whatever is written meanwhile.
        await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var waves = await db.Waves.AsNoTracking().Where(w => wave == 0 || w.Id == wave).OrderBy(w => w.Id).ToListAsync(cancel);
        if (wave != 0 && waves.Count == 0)
        {
            await call.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"relais: there is no wave {wave}. Its number is at the end of its page's address."));
            return UsageError;
        }

        var findings = new Findings();
        var seen = await LookAsync(scope.ServiceProvider, db, waves, journal, findings, cancel);
        foreach (var line in seen)
            await call.Out.WriteLineAsync(line);
        await SayAsync(call.Out, findings);
        return findings.Any ? 1 : 0;
    }

    /// <returns>What was looked at, in words.</returns>
    internal static async Task<IReadOnlyList<string>> LookAsync(
        IServiceProvider services, FieldworkDb db, IReadOnlyList<Wave> waves, AnswerJournal journal, Findings findings, CancellationToken cancel)
    {
        var lines = journal.Lines;
        var ids = waves.Select(w => w.Id).ToArray();
        var interviews = new VerifyInterviews(db, findings);
        var completed = 0L;
        foreach (var wave in waves)
            completed += await interviews.OfWaveAsync(wave, journal, cancel);
        // What is left belongs to other waves, or to no interview at all.
        var left = journal.Interviews.ToList();
        foreach (var lost in left.Except(await db.Interviews.AsNoTracking().Where(i => left.Contains(i.Id)).Select(i => i.Id).ToListAsync(cancel)))
            findings.Add(Broken.Answers, $"interview {lost}: answers were acknowledged, and it is not there");
        await VerifyStates.OfWavesAsync(db, ids, findings, cancel);
        var calls = await VerifyCalls.OfWavesAsync(db, waves, findings, cancel);
        var (arrived, coming) = await ArrivedAsync(services, db, interviews.Listening, findings, cancel);
        string[] seen =
        [
            string.Create(CultureInfo.InvariantCulture, $"{waves.Count} waves, {calls} calls, {completed} completed interviews, {interviews.Steps} steps, {lines} acknowledged answers in journals"),
            .. arrived,
        ];
        return coming == 0 ? seen : [.. seen, string.Create(CultureInfo.InvariantCulture, $"{coming} completed interviews are still on their way: relais events")];
    }

    private static async Task<(List<string> Said, int Coming)> ArrivedAsync(
        IServiceProvider services, FieldworkDb db, Dictionary<Guid, DateTimeOffset> completed, Findings findings, CancellationToken cancel)
    {
        var waiting = await db.Set<OutboxEntry>().AsNoTracking().Where(e => e.Kind == nameof(InterviewCompleted)).Select(e => new { e.EventId, e.SetAsideAt, e.Error }).ToListAsync(cancel);
        foreach (var aside in waiting.Where(w => w.SetAsideAt is not null && completed.ContainsKey(w.EventId)))
            findings.Add(Broken.Arrival, $"interview {aside.EventId}: set aside after too many failures: {aside.Error}");
        var coming = waiting.Where(w => w.SetAsideAt is null && completed.ContainsKey(w.EventId)).Select(w => w.EventId).ToHashSet();
        var said = new List<string>();
        foreach (var keeper in services.GetServices<InterviewKeeper>())
        {
            var missing = (await keeper.MissingAsync(services, completed, cancel)).Where(m => !coming.Contains(m)).ToList();
            said.Add(string.Create(CultureInfo.InvariantCulture, $"{completed.Count - missing.Count - coming.Count} of {completed.Count} interviews with a listening day have arrived in {keeper.Name}"));
            foreach (var one in missing)
                findings.Add(Broken.Arrival, $"interview {one} has not arrived in {keeper.Name}");
        }

        return (said, coming.Count);
    }

    private static async Task SayAsync(TextWriter to, Findings findings)
    {
        foreach (var (rule, count, first) in findings.All)
        {
            await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"WRONG {count,6}  {rule}"));
            foreach (var what in first)
                await to.WriteLineAsync($"              {what}");
            if (count > first.Count)
                await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"              and {count - first.Count} more"));
        }

        await to.WriteLineAsync(findings.Any ? "something is wrong" : "nothing is wrong");
    }

    private static async Task<bool> TryReadAsync(AnswerJournal journal, string file, TextWriter error, CancellationToken cancel)
    {
        try
        {
            journal.Read(await File.ReadAllTextAsync(file, cancel));
            return true;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"relais: {e.Message}");
            return false;
        }
    }
}
