using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class Supervision : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "kind",
                schema: "fieldwork",
                table: "notice",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "words");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "accepted_at",
                schema: "fieldwork",
                table: "interview",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "answers",
                schema: "fieldwork",
                table: "interview",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "confirmed",
                schema: "fieldwork",
                table: "interview",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "quick",
                schema: "fieldwork",
                table: "interview",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "seconds",
                schema: "fieldwork",
                table: "interview",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "cell_day",
                schema: "fieldwork",
                columns: table => new
                {
                    cell_id = table.Column<int>(type: "integer", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    target = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cell_day", x => new { x.cell_id, x.day });
                    table.ForeignKey(
                        name: "FK_cell_day_quota_cell_cell_id",
                        column: x => x.cell_id,
                        principalSchema: "fieldwork",
                        principalTable: "quota_cell",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "committed_slot",
                schema: "fieldwork",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    cell_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_committed_slot", x => new { x.case_id, x.cell_id });
                    table.ForeignKey(
                        name: "FK_committed_slot_quota_cell_cell_id",
                        column: x => x.cell_id,
                        principalSchema: "fieldwork",
                        principalTable: "quota_cell",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "notice_read",
                schema: "fieldwork",
                columns: table => new
                {
                    notice_id = table.Column<long>(type: "bigint", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notice_read", x => new { x.notice_id, x.person_id });
                    table.ForeignKey(
                        name: "FK_notice_read_notice_notice_id",
                        column: x => x.notice_id,
                        principalSchema: "fieldwork",
                        principalTable: "notice",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "presence",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    doing = table.Column<short>(type: "smallint", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_presence", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "review",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    interview_id = table.Column<Guid>(type: "uuid", nullable: false),
                    verdict = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    after = table.Column<string>(type: "text", nullable: true),
                    cells = table.Column<int[]>(type: "integer[]", nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review", x => x.id);
                    table.ForeignKey(
                        name: "FK_review_interview_interview_id",
                        column: x => x.interview_id,
                        principalSchema: "fieldwork",
                        principalTable: "interview",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_committed_slot_cell_id_at",
                schema: "fieldwork",
                table: "committed_slot",
                columns: new[] { "cell_id", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_presence_person_id_until",
                schema: "fieldwork",
                table: "presence",
                columns: new[] { "person_id", "until" });

            migrationBuilder.CreateIndex(
                name: "IX_presence_until",
                schema: "fieldwork",
                table: "presence",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "IX_review_interview_id_id",
                schema: "fieldwork",
                table: "review",
                columns: new[] { "interview_id", "id" });

            migrationBuilder.Sql(SupervisionModel.Triggers);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cell_day",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "committed_slot",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "notice_read",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "presence",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "review",
                schema: "fieldwork");

            migrationBuilder.DropColumn(
                name: "kind",
                schema: "fieldwork",
                table: "notice");

            migrationBuilder.DropColumn(
                name: "accepted_at",
                schema: "fieldwork",
                table: "interview");

            migrationBuilder.DropColumn(
                name: "answers",
                schema: "fieldwork",
                table: "interview");

            migrationBuilder.DropColumn(
                name: "confirmed",
                schema: "fieldwork",
                table: "interview");

            migrationBuilder.DropColumn(
                name: "quick",
                schema: "fieldwork",
                table: "interview");

            migrationBuilder.DropColumn(
                name: "seconds",
                schema: "fieldwork",
                table: "interview");
        }
    }
}
