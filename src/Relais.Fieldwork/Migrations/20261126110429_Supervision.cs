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
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "erased_at",
                schema: "fieldwork",
                table: "wave",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "shifts_only",
                schema: "fieldwork",
                table: "team",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "erase_after_days",
                schema: "fieldwork",
                table: "study",
                type: "integer",
                nullable: true);

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
                name: "erased_number",
                schema: "fieldwork",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_number", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "erasure",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    asked_by_name = table.Column<string>(type: "text", nullable: false),
                    answers_too = table.Column<bool>(type: "boolean", nullable: false),
                    left = table.Column<long[]>(type: "bigint[]", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cases = table.Column<int>(type: "integer", nullable: false),
                    numbers = table.Column<int>(type: "integer", nullable: false),
                    comments = table.Column<int>(type: "integer", nullable: false),
                    interviews = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasure", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "feed_head",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    forgotten = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feed_head", x => x.id);
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
                name: "number_key",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_number_key", x => x.id);
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

            migrationBuilder.CreateTable(
                name: "study_change",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    study_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    case_id = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    facts = table.Column<string>(type: "jsonb", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_study_change", x => x.id);
                    table.ForeignKey(
                        name: "FK_study_change_study_study_id",
                        column: x => x.study_id,
                        principalSchema: "fieldwork",
                        principalTable: "study",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "webhook",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    study_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    url = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    kinds = table.Column<string[]>(type: "text[]", nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by_name = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    failing_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rest_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_success_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    disabled_why = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook", x => x.id);
                    table.ForeignKey(
                        name: "FK_webhook_study_study_id",
                        column: x => x.study_id,
                        principalSchema: "fieldwork",
                        principalTable: "study",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "webhook_delivery",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    webhook_id = table.Column<Guid>(type: "uuid", nullable: false),
                    change_id = table.Column<long>(type: "bigint", nullable: true),
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: true),
                    error = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    milliseconds = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_delivery", x => x.id);
                    table.ForeignKey(
                        name: "FK_webhook_delivery_webhook_webhook_id",
                        column: x => x.webhook_id,
                        principalSchema: "fieldwork",
                        principalTable: "webhook",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_committed_slot_cell_id_at",
                schema: "fieldwork",
                table: "committed_slot",
                columns: new[] { "cell_id", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_erasure_asked_at",
                schema: "fieldwork",
                table: "erasure",
                column: "asked_at");

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

            migrationBuilder.CreateIndex(
                name: "change_place",
                schema: "fieldwork",
                table: "study_change",
                column: "position",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "change_undealt",
                schema: "fieldwork",
                table: "study_change",
                column: "id",
                filter: "position IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_study_change_study_id_position",
                schema: "fieldwork",
                table: "study_change",
                columns: new[] { "study_id", "position" });

            migrationBuilder.CreateIndex(
                name: "IX_webhook_study_id",
                schema: "fieldwork",
                table: "webhook",
                column: "study_id");

            migrationBuilder.CreateIndex(
                name: "delivery_change",
                schema: "fieldwork",
                table: "webhook_delivery",
                column: "change_id",
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "delivery_due",
                schema: "fieldwork",
                table: "webhook_delivery",
                columns: new[] { "webhook_id", "due_at", "position" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "delivery_order",
                schema: "fieldwork",
                table: "webhook_delivery",
                columns: new[] { "webhook_id", "key", "position" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "IX_webhook_delivery_webhook_id_id",
                schema: "fieldwork",
                table: "webhook_delivery",
                columns: new[] { "webhook_id", "id" });

            migrationBuilder.Sql(SupervisionModel.Triggers);
            migrationBuilder.Sql(Relais.Fieldwork.Steering.SteeringModel.Triggers);
            migrationBuilder.Sql(Relais.Fieldwork.Privacy.PrivacyModel.Triggers);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP FUNCTION fieldwork.tell_attempt() CASCADE;
                DROP FUNCTION fieldwork.tell_appointment() CASCADE;
                DROP FUNCTION fieldwork.tell_cell() CASCADE;
                DROP FUNCTION fieldwork.tell_interview() CASCADE;
                DROP FUNCTION fieldwork.wake_steering() CASCADE;
                DROP FUNCTION fieldwork.only_remark_emptied() CASCADE;
                CREATE TRIGGER attempt_frozen BEFORE UPDATE ON fieldwork.attempt FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();
                CREATE TRIGGER interview_event_frozen BEFORE UPDATE ON fieldwork.interview_event FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();
                """);

            migrationBuilder.DropTable(
                name: "cell_day",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "committed_slot",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "erased_number",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "erasure",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "feed_head",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "notice_read",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "number_key",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "presence",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "review",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "study_change",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "webhook_delivery",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "webhook",
                schema: "fieldwork");

            migrationBuilder.DropColumn(
                name: "erased_at",
                schema: "fieldwork",
                table: "wave");

            migrationBuilder.DropColumn(
                name: "shifts_only",
                schema: "fieldwork",
                table: "team");

            migrationBuilder.DropColumn(
                name: "erase_after_days",
                schema: "fieldwork",
                table: "study");

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
