using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;
using Relais.Audience.Waves;
using Relais.Fieldwork.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Audience.Interviews;

/// <summary>
/// An interview was rejected at its review, or counts again. What waves would take knows it at once; a wave that took these interviews and is not proposed yet takes
/// them again, so that its next run has the right ones. Files that a run read, and what is proposed or published, stay as they are.
/// </summary>
internal sealed class OnInterviewRejected(AudienceDb db, OnInterviewCompleted completed, TakeInterviews take)
{
    /// <summary>Stored with each event: it never changes.</summary>
    public const string Name = "audience.interviews-rejected";

    public async Task HandleAsync(InterviewRejected told, CancellationToken cancel)
    {
        var interview = told.Interview;
        if (!interview.AsksListening)
            return;
        // It may come here before the interview itself, which then finds that it is there already.
        await completed.HandleAsync(interview, cancel);
        var row = await db.FieldInterviews.SingleAsync(i => i.Id == interview.Id, cancel);
        row.RejectedAt = told.Undone ? null : told.At;
        await db.SaveChangesAsync(cancel);
        var name = TakeInterviews.RespondentsName(interview.Wave);
        var open = await db.Waves.AsNoTracking().Where(w => (w.State == WaveState.Fieldwork || w.State == WaveState.Weighting) && w.From < interview.Day && interview.Day <= w.Until.AddDays(1)).ToListAsync(cancel);
        foreach (var wave in open)
        {
            if (await ImportFile.LatestAsync(db, wave.Id, InputKind.Respondents, cancel) is { } taken && taken.FileName == name)
                await take.HandleAsync(wave.Id, interview.Wave, taken.ImportedAt, Actor.System, cancel);
        }
    }
}
