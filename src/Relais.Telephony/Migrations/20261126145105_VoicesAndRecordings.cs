using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Telephony.Migrations
{
    /// <inheritdoc />
    public partial class VoicesAndRecordings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "authority",
                schema: "telephony",
                table: "trunk",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "transport",
                schema: "telephony",
                table: "trunk",
                type: "text",
                nullable: false,
                defaultValue: "Udp");

            migrationBuilder.AddColumn<string>(
                name: "verified_caller",
                schema: "telephony",
                table: "trunk",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "caller_class",
                schema: "telephony",
                table: "call",
                type: "text",
                nullable: false,
                defaultValue: "Ordinary");

            migrationBuilder.AddColumn<int>(
                name: "dead_air_ms",
                schema: "telephony",
                table: "call",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "dead_airs",
                schema: "telephony",
                table: "call",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<double>(
                name: "interviewer_clipped",
                schema: "telephony",
                table: "call",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "respondent_clipped",
                schema: "telephony",
                table: "call",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<int>(
                name: "silence_ms",
                schema: "telephony",
                table: "call",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "study",
                schema: "telephony",
                table: "call",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "subject",
                schema: "telephony",
                table: "call",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "unheard",
                schema: "telephony",
                table: "call",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "call_leg",
                schema: "telephony",
                columns: table => new
                {
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    leg = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    series = table.Column<byte[]>(type: "bytea", nullable: false),
                    measures = table.Column<int>(type: "integer", nullable: false),
                    loss_percent = table.Column<double>(type: "double precision", nullable: false),
                    jitter_ms = table.Column<double>(type: "double precision", nullable: false),
                    round_trip_ms = table.Column<double>(type: "double precision", nullable: true),
                    score = table.Column<double>(type: "double precision", nullable: false),
                    score_sum = table.Column<double>(type: "double precision", nullable: false),
                    worst_score = table.Column<double>(type: "double precision", nullable: false),
                    alerts = table.Column<int>(type: "integer", nullable: false),
                    bad_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cause = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_call_leg", x => new { x.call_id, x.leg });
                    table.ForeignKey(
                        name: "FK_call_leg_call_call_id",
                        column: x => x.call_id,
                        principalSchema: "telephony",
                        principalTable: "call",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "call_mark",
                schema: "telephony",
                columns: table => new
                {
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ms = table.Column<int>(type: "integer", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_call_mark", x => new { x.call_id, x.ms, x.label });
                    table.ForeignKey(
                        name: "FK_call_mark_call_call_id",
                        column: x => x.call_id,
                        principalSchema: "telephony",
                        principalTable: "call",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "call_recording",
                schema: "telephony",
                columns: table => new
                {
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node = table.Column<string>(type: "text", nullable: false),
                    file = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    duration_ms = table.Column<int>(type: "integer", nullable: false),
                    length_bytes = table.Column<long>(type: "bigint", nullable: false),
                    peaks = table.Column<byte[]>(type: "bytea", nullable: false),
                    pauses = table.Column<List<int>>(type: "integer[]", nullable: false),
                    announced = table.Column<bool>(type: "boolean", nullable: false),
                    keep_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    held_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    gone_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    gone_why = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_call_recording", x => x.call_id);
                    table.ForeignKey(
                        name: "FK_call_recording_call_call_id",
                        column: x => x.call_id,
                        principalSchema: "telephony",
                        principalTable: "call",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "recording_policy",
                schema: "telephony",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    mode = table.Column<string>(type: "text", nullable: false),
                    share = table.Column<int>(type: "integer", nullable: false),
                    keep_days = table.Column<int>(type: "integer", nullable: false),
                    announcement_text = table.Column<string>(type: "text", nullable: true),
                    announcement = table.Column<byte[]>(type: "bytea", nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recording_policy", x => x.key);
                });

            migrationBuilder.CreateIndex(
                name: "IX_call_subject",
                schema: "telephony",
                table: "call",
                column: "subject");

            migrationBuilder.CreateIndex(
                name: "IX_call_recording_file",
                schema: "telephony",
                table: "call_recording",
                column: "file",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_call_recording_keep_until",
                schema: "telephony",
                table: "call_recording",
                column: "keep_until",
                filter: "gone_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "call_leg",
                schema: "telephony");

            migrationBuilder.DropTable(
                name: "call_mark",
                schema: "telephony");

            migrationBuilder.DropTable(
                name: "call_recording",
                schema: "telephony");

            migrationBuilder.DropTable(
                name: "recording_policy",
                schema: "telephony");

            migrationBuilder.DropIndex(
                name: "IX_call_subject",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "authority",
                schema: "telephony",
                table: "trunk");

            migrationBuilder.DropColumn(
                name: "transport",
                schema: "telephony",
                table: "trunk");

            migrationBuilder.DropColumn(
                name: "verified_caller",
                schema: "telephony",
                table: "trunk");

            migrationBuilder.DropColumn(
                name: "caller_class",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "dead_air_ms",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "dead_airs",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "interviewer_clipped",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "respondent_clipped",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "silence_ms",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "study",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "subject",
                schema: "telephony",
                table: "call");

            migrationBuilder.DropColumn(
                name: "unheard",
                schema: "telephony",
                table: "call");
        }
    }
}
