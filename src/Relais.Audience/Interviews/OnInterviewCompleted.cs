using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Contracts;

namespace Relais.Audience.Interviews;

/// <summary>Keeps what a completed interview says until a wave takes it as input.</summary>
internal sealed class OnInterviewCompleted(AudienceDb db)
{
    /// <summary>Stored with each event: it never changes.</summary>
    public const string Name = "audience.interviews";

    public async Task HandleAsync(InterviewCompleted told, CancellationToken cancel)
    {
        if (!told.AsksListening || await db.FieldInterviews.AnyAsync(i => i.Id == told.Id, cancel))
            return;
        // What was answered counts more than what the sample thought.
        var variables = new Dictionary<string, string>(told.Known, StringComparer.Ordinal);
        foreach (var (name, value) in told.Answers)
            variables[name] = value;
        db.FieldInterviews.Add(new FieldInterview
        {
            Id = told.Id, FieldWave = told.Wave, FieldWaveName = told.WaveName, FieldStudyName = told.StudyName, Day = told.Day, CompletedAt = told.CompletedAt,
            Variables = AudienceJson.Write(variables), Heard = AudienceJson.Write(told.Heard),
        });
        await db.SaveChangesAsync(cancel);
    }
}
