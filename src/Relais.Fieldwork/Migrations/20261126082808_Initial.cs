using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "fieldwork");

            migrationBuilder.CreateTable(
                name: "appointment",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hard = table.Column<bool>(type: "boolean", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_appointment", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "attempt",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    outcome = table.Column<short>(type: "smallint", nullable: false),
                    slot = table.Column<short>(type: "smallint", nullable: false),
                    number = table.Column<short>(type: "smallint", nullable: false),
                    by_appointment = table.Column<bool>(type: "boolean", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    comment = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempt", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "case_count",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    outcome = table.Column<short>(type: "smallint", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_count", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "case_number",
                schema: "fieldwork",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    dead = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_number", x => new { x.case_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "case_record",
                schema: "fieldwork",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    fields = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_record", x => x.case_id);
                });

            migrationBuilder.CreateTable(
                name: "cases",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    replicate = table.Column<int>(type: "integer", nullable: false),
                    pool_id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    shuffle = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    slot_tries = table.Column<long>(type: "bigint", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    outcome = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "command",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_command", x => new { x.person_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "hold",
                schema: "fieldwork",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    taken_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stage = table.Column<short>(type: "smallint", nullable: false),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    slot = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_hold", x => x.case_id);
                });

            migrationBuilder.CreateTable(
                name: "notice",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    person_id = table.Column<Guid>(type: "uuid", nullable: true),
                    text = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notice", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "number_state",
                schema: "fieldwork",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    quiet_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    recent = table.Column<DateTimeOffset[]>(type: "timestamp with time zone[]", nullable: false),
                    held_case = table.Column<long>(type: "bigint", nullable: true),
                    interviewed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_number_state", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "quota",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    hard = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_quota", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sample_batch",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    lines = table.Column<long>(type: "bigint", nullable: false),
                    cases = table.Column<long>(type: "bigint", nullable: false),
                    suppressed = table.Column<long>(type: "bigint", nullable: false),
                    fault_count = table.Column<long>(type: "bigint", nullable: false),
                    kept = table.Column<bool>(type: "boolean", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sample_batch", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "shift",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shift", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "stratum",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    known = table.Column<string>(type: "jsonb", nullable: false),
                    open = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stratum", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "study",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    latest_questionnaire = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_study", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "suppression",
                schema: "fieldwork",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_suppression", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "team",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    studies = table.Column<Guid[]>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_team", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "quota_cell",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    quota_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    hard = table.Column<bool>(type: "boolean", nullable: false),
                    conditions = table.Column<string>(type: "jsonb", nullable: false),
                    target = table.Column<int>(type: "integer", nullable: false),
                    reserved = table.Column<int>(type: "integer", nullable: false),
                    completed = table.Column<int>(type: "integer", nullable: false),
                    closed = table.Column<bool>(type: "boolean", nullable: false),
                    shut = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "closed OR (hard AND reserved + completed >= target)", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_quota_cell", x => x.id);
                    table.CheckConstraint("quota_cell_counts", "reserved >= 0 AND completed >= 0");
                    table.ForeignKey(
                        name: "FK_quota_cell_quota_quota_id",
                        column: x => x.quota_id,
                        principalSchema: "fieldwork",
                        principalTable: "quota",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sample_fault",
                schema: "fieldwork",
                columns: table => new
                {
                    batch_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    line = table.Column<long>(type: "bigint", nullable: true),
                    column = table.Column<string>(type: "text", nullable: true),
                    code = table.Column<string>(type: "text", nullable: false),
                    named = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sample_fault", x => new { x.batch_id, x.position });
                    table.ForeignKey(
                        name: "FK_sample_fault_sample_batch_batch_id",
                        column: x => x.batch_id,
                        principalSchema: "fieldwork",
                        principalTable: "sample_batch",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pool",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    stratum_id = table.Column<int>(type: "integer", nullable: false),
                    zone = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    skill = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<short>(type: "smallint", nullable: false),
                    tried = table.Column<bool>(type: "boolean", nullable: false),
                    spent = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    weight = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pool", x => x.id);
                    table.ForeignKey(
                        name: "FK_pool_stratum_stratum_id",
                        column: x => x.stratum_id,
                        principalSchema: "fieldwork",
                        principalTable: "stratum",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "questionnaire",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    study_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    file = table.Column<byte[]>(type: "bytea", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    canonical = table.Column<string>(type: "text", nullable: false),
                    imported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    imported_by_name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_questionnaire", x => x.id);
                    table.ForeignKey(
                        name: "FK_questionnaire_study_study_id",
                        column: x => x.study_id,
                        principalSchema: "fieldwork",
                        principalTable: "study",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "interviewer",
                schema: "fieldwork",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    team_id = table.Column<Guid>(type: "uuid", nullable: true),
                    languages = table.Column<string[]>(type: "text[]", nullable: false),
                    skills = table.Column<string[]>(type: "text[]", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_interviewer", x => x.person_id);
                    table.ForeignKey(
                        name: "FK_interviewer_team_team_id",
                        column: x => x.team_id,
                        principalSchema: "fieldwork",
                        principalTable: "team",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "reservation",
                schema: "fieldwork",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    cell_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reservation", x => new { x.case_id, x.cell_id });
                    table.ForeignKey(
                        name: "FK_reservation_quota_cell_cell_id",
                        column: x => x.cell_id,
                        principalSchema: "fieldwork",
                        principalTable: "quota_cell",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

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
                    outcome = table.Column<string>(type: "text", nullable: true),
                    record = table.Column<string>(type: "text", nullable: true)
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
                name: "wave",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    study_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    rules = table.Column<string>(type: "text", nullable: false),
                    questionnaire_id = table.Column<Guid>(type: "uuid", nullable: true),
                    released_replicate = table.Column<int>(type: "integer", nullable: false),
                    zones = table.Column<string[]>(type: "text[]", nullable: false),
                    target = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wave", x => x.id);
                    table.ForeignKey(
                        name: "FK_wave_questionnaire_questionnaire_id",
                        column: x => x.questionnaire_id,
                        principalSchema: "fieldwork",
                        principalTable: "questionnaire",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_wave_study_study_id",
                        column: x => x.study_id,
                        principalSchema: "fieldwork",
                        principalTable: "study",
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

            migrationBuilder.CreateTable(
                name: "wave_day",
                schema: "fieldwork",
                columns: table => new
                {
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    target = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wave_day", x => new { x.wave_id, x.day });
                    table.ForeignKey(
                        name: "FK_wave_day_wave_wave_id",
                        column: x => x.wave_id,
                        principalSchema: "fieldwork",
                        principalTable: "wave",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "appointment_once",
                schema: "fieldwork",
                table: "appointment",
                column: "case_id",
                unique: true,
                filter: "state = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "appointment_waiting",
                schema: "fieldwork",
                table: "appointment",
                columns: new[] { "wave_id", "at" },
                filter: "state = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "IX_attempt_case_id_from",
                schema: "fieldwork",
                table: "attempt",
                columns: new[] { "case_id", "from" });

            migrationBuilder.CreateIndex(
                name: "IX_attempt_until_wave_id",
                schema: "fieldwork",
                table: "attempt",
                columns: new[] { "until", "wave_id" });

            migrationBuilder.CreateIndex(
                name: "IX_case_count_wave_id",
                schema: "fieldwork",
                table: "case_count",
                column: "wave_id");

            migrationBuilder.CreateIndex(
                name: "IX_case_number_number",
                schema: "fieldwork",
                table: "case_number",
                column: "number");

            migrationBuilder.CreateIndex(
                name: "IX_case_record_wave_id_key",
                schema: "fieldwork",
                table: "case_record",
                columns: new[] { "wave_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "case_queue",
                schema: "fieldwork",
                table: "cases",
                columns: new[] { "pool_id", "due_at", "shuffle" },
                filter: "state = 1");

            migrationBuilder.CreateIndex(
                name: "case_waiting",
                schema: "fieldwork",
                table: "cases",
                columns: new[] { "wave_id", "replicate" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "IX_command_at",
                schema: "fieldwork",
                table: "command",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_hold_person_id",
                schema: "fieldwork",
                table: "hold",
                column: "person_id",
                unique: true);

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

            migrationBuilder.CreateIndex(
                name: "IX_interviewer_team_id",
                schema: "fieldwork",
                table: "interviewer",
                column: "team_id");

            migrationBuilder.CreateIndex(
                name: "IX_notice_at",
                schema: "fieldwork",
                table: "notice",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_number_state_interviewed_at",
                schema: "fieldwork",
                table: "number_state",
                column: "interviewed_at");

            migrationBuilder.CreateIndex(
                name: "IX_pool_stratum_id",
                schema: "fieldwork",
                table: "pool",
                column: "stratum_id");

            migrationBuilder.CreateIndex(
                name: "pool_alike",
                schema: "fieldwork",
                table: "pool",
                columns: new[] { "wave_id", "stratum_id", "zone", "language", "skill", "priority", "tried", "spent" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_questionnaire_study_id_number",
                schema: "fieldwork",
                table: "questionnaire",
                columns: new[] { "study_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_quota_wave_id_name",
                schema: "fieldwork",
                table: "quota",
                columns: new[] { "wave_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_quota_cell_quota_id_conditions",
                schema: "fieldwork",
                table: "quota_cell",
                columns: new[] { "quota_id", "conditions" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_quota_cell_wave_id",
                schema: "fieldwork",
                table: "quota_cell",
                column: "wave_id");

            migrationBuilder.CreateIndex(
                name: "IX_reservation_cell_id",
                schema: "fieldwork",
                table: "reservation",
                column: "cell_id");

            migrationBuilder.CreateIndex(
                name: "IX_sample_batch_wave_id_at",
                schema: "fieldwork",
                table: "sample_batch",
                columns: new[] { "wave_id", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_shift_person_id_from",
                schema: "fieldwork",
                table: "shift",
                columns: new[] { "person_id", "from" });

            migrationBuilder.CreateIndex(
                name: "IX_shift_until",
                schema: "fieldwork",
                table: "shift",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "IX_stratum_wave_id_known",
                schema: "fieldwork",
                table: "stratum",
                columns: new[] { "wave_id", "known" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_study_name",
                schema: "fieldwork",
                table: "study",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_team_name",
                schema: "fieldwork",
                table: "team",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_wave_questionnaire_id",
                schema: "fieldwork",
                table: "wave",
                column: "questionnaire_id");

            migrationBuilder.CreateIndex(
                name: "IX_wave_study_id_name",
                schema: "fieldwork",
                table: "wave",
                columns: new[] { "study_id", "name" },
                unique: true);

            migrationBuilder.Sql(FieldworkModel.Triggers);
            migrationBuilder.Sql(Relais.Fieldwork.Interviews.InterviewModel.Triggers);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "appointment",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "attempt",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "case_count",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "case_number",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "case_record",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "cases",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "command",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "hold",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "interview_event",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "interviewer",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "notice",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "number_state",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "pool",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "reservation",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "sample_fault",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "shift",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "suppression",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "wave_day",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "interview",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "team",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "stratum",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "quota_cell",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "sample_batch",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "wave",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "quota",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "questionnaire",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "study",
                schema: "fieldwork");
        }
    }
}
