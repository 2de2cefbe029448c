using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel;

namespace Relais.Fieldwork.Interviews;

/// <summary>The way to an interview for whoever writes it: its row locked, and only while nobody took its case since.</summary>
internal static class WritersInterview
{
    // The case first, as everywhere; then what comes next finds the fence as it is.
    private const string LockCase = """
        SELECT c.fence FROM fieldwork.interview i JOIN fieldwork.cases c ON c.id = i.case_id WHERE i.id = $1 FOR UPDATE OF c
        """;

    private const string LockInterview = "SELECT * FROM fieldwork.interview WHERE id = {0} FOR UPDATE";

    public static async Task<(Interview? Interview, ProblemHttpResult? Refusal)> LockAsync(FieldworkDb db, Guid id, Guid person, long fence, CancellationToken cancel)
    {
        if (await db.ScalarAsync<long?>(LockCase, [id], cancel) is not { } current)
            return (null, Problems.Missing("no-interview"));
        var interview = await db.Interviews.FromSqlRaw(LockInterview, id).SingleAsync(cancel);
        if (interview.PersonId != person || interview.Fence != fence)
            return (null, Problems.Conflict("interview-elsewhere"));
        // After its end the case may have been taken for another call: what was said of this interview is still answered the same.
        return current == fence || interview.State != InterviewState.Running ? (interview, null) : (null, Problems.Conflict("case-lost"));
    }
}
