using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Relais.Kernel.Audit;

/// <summary>How a module writes audit lines: in the transaction of the change itself.</summary>
public static class AuditTrail
{
    /// <summary>
    /// Adds a line that the next SaveChanges of <paramref name="db"/> writes together with the change.
    /// Call it last before saving: the line's place in the chain is locked until the transaction ends.
    /// </summary>
    public static void Audit(
        this DbContext db, TimeProvider clock, Actor actor, string action,
        string subject = "", string subjectName = "", object? detail = null) =>
        db.Set<AuditLine>().Add(new AuditLine
        {
            At = clock.GetUtcNow(),
            Actor = actor.Id,
            ActorName = actor.Name,
            Address = actor.Address,
            Action = action,
            Subject = subject,
            SubjectName = subjectName,
            Detail = detail is null ? "{}" : JsonSerializer.Serialize(detail, JsonSerializerOptions.Web),
        });

    /// <summary>Lets a module's context write audit lines; the table belongs to the kernel's own migrations.</summary>
    public static ModelBuilder AddAudit(this ModelBuilder modelBuilder) =>
        modelBuilder.Entity<AuditLine>(line =>
        {
            AuditModel.Map(line);
            line.ToTable("audit_line", KernelDb.Schema, table => table.ExcludeFromMigrations());
        });
}
