using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Relais.Kernel.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "kernel");

            migrationBuilder.CreateTable(
                name: "audit_line",
                schema: "kernel",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    actor_name = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: true),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    subject_name = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_line", x => x.seq);
                });

            migrationBuilder.CreateIndex(
                name: "audit_line_action",
                schema: "kernel",
                table: "audit_line",
                column: "action");

            migrationBuilder.CreateIndex(
                name: "audit_line_actor",
                schema: "kernel",
                table: "audit_line",
                column: "actor");

            migrationBuilder.CreateIndex(
                name: "audit_line_at",
                schema: "kernel",
                table: "audit_line",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "audit_line_subject",
                schema: "kernel",
                table: "audit_line",
                column: "subject");

            migrationBuilder.Sql(Relais.Kernel.Audit.AuditModel.Chain);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION kernel.audit_text, kernel.audit_append, kernel.audit_refuse CASCADE; DROP TABLE kernel.audit_head;");
            migrationBuilder.DropTable(
                name: "audit_line",
                schema: "kernel");
        }
    }
}
