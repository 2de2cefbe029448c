using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Access.Trail;

/// <summary>Which part of the audit trail is wanted; every part of it is in the page's address.</summary>
internal sealed record TrailQuery(string? Person, string? Action, string? Subject, string? From, string? To, int Page = 1)
{
    public const int PageLength = 100;

    public bool Filters => Person is not null || Action is not null || Subject is not null || From is not null || To is not null;
}

internal sealed class ReadTrail(KernelDb db, InstituteCalendar calendar)
{
    public async Task<(IReadOnlyList<AuditLine> Lines, int Total)> PageAsync(TrailQuery query, CancellationToken cancel)
    {
        var lines = Matching(query);
        var total = await lines.CountAsync(cancel);
        var page = await lines.OrderByDescending(l => l.Seq).Skip((Math.Max(query.Page, 1) - 1) * TrailQuery.PageLength)
            .Take(TrailQuery.PageLength).ToListAsync(cancel);
        return (page, total);
    }

    /// <summary>Newest first, read as it is written out: the trail may be long.</summary>
    public IAsyncEnumerable<AuditLine> AllAsync(TrailQuery query) => Matching(query).OrderByDescending(l => l.Seq).AsAsyncEnumerable();

    private IQueryable<AuditLine> Matching(TrailQuery query)
    {
        var lines = db.AuditLines.AsNoTracking();
        if (query.Person is { } person)
            lines = lines.Where(l => l.Actor == person || EF.Functions.ILike(l.ActorName, Pattern(person), @"\"));
        if (query.Action is { } action)
            lines = lines.Where(l => l.Action == action);
        if (query.Subject is { } subject)
            lines = lines.Where(l => l.Subject == subject || EF.Functions.ILike(l.SubjectName, Pattern(subject), @"\"));
        if (InstituteCalendar.Parse(query.From) is { } from)
        {
            var start = calendar.StartOf(from);
            lines = lines.Where(l => l.At >= start);
        }

        if (InstituteCalendar.Parse(query.To) is { } to)
        {
            var end = calendar.EndOf(to);
            lines = lines.Where(l => l.At < end);
        }

        return lines;
    }

    private static string Pattern(string text) => SearchPattern.Containing(text);
}
