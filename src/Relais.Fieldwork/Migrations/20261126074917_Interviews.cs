using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Relais.Fieldwork.Interviews;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class Interviews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "interview",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    questionnaire_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seed = table.Column<long>(type: "bigint", nullable: false),
                    begun_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    offset_minutes = table.Column<short>(type: "smallint", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    known = table.Column<string>(type: "jsonb", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    screened = table.Column<string>(type: "text", nullable: true),
                    quota_full = table.Column<bool>(type: "boolean", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_interview", x => x.id);
                    table.ForeignKey(
                        name: "FK_interview_questionnaire_questionnaire_id",
                        column: x => x.questionnaire_id,
                        principalSchema: "fieldwork",
                        principalTable: "questionnaire",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "interview_event",
                schema: "fieldwork",
                columns: table => new
                {
                    interview_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    offset_minutes = table.Column<short>(type: "smallint", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_interview_event", x => new { x.interview_id, x.sequence });
                    table.ForeignKey(
                        name: "FK_interview_event_interview_interview_id",
                        column: x => x.interview_id,
                        principalSchema: "fieldwork",
                        principalTable: "interview",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "interview_running",
                schema: "fieldwork",
                table: "interview",
                column: "case_id",
                unique: true,
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "IX_interview_questionnaire_id",
                schema: "fieldwork",
                table: "interview",
                column: "questionnaire_id");

            migrationBuilder.CreateIndex(
                name: "IX_interview_wave_id_state",
                schema: "fieldwork",
                table: "interview",
                columns: new[] { "wave_id", "state" });

            migrationBuilder.Sql(InterviewModel.Triggers);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "interview_event",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "interview",
                schema: "fieldwork");
        }
    }
}
