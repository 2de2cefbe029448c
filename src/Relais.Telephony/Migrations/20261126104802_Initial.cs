using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Telephony.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "telephony");

            migrationBuilder.CreateTable(
                name: "call",
                schema: "telephony",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    node = table.Column<string>(type: "text", nullable: false),
                    trunk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trunk_name = table.Column<string>(type: "text", nullable: false),
                    caller = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ringing_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    end = table.Column<string>(type: "text", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    sip_status = table.Column<int>(type: "integer", nullable: true),
                    sip_reason = table.Column<string>(type: "text", nullable: true),
                    cause = table.Column<int>(type: "integer", nullable: true),
                    tried = table.Column<List<string>>(type: "text[]", nullable: false),
                    invite = table.Column<string>(type: "text", nullable: true),
                    answer = table.Column<string>(type: "text", nullable: true),
                    received = table.Column<long>(type: "bigint", nullable: false),
                    lost = table.Column<long>(type: "bigint", nullable: false),
                    jitter_ms = table.Column<double>(type: "double precision", nullable: false),
                    score = table.Column<double>(type: "double precision", nullable: true),
                    wanted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_call", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "trunk",
                schema: "telephony",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    normalized_name = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    port = table.Column<int>(type: "integer", nullable: false),
                    domain = table.Column<string>(type: "text", nullable: true),
                    registers = table.Column<bool>(type: "boolean", nullable: false),
                    user_name = table.Column<string>(type: "text", nullable: true),
                    secret = table.Column<string>(type: "text", nullable: true),
                    caller = table.Column<string>(type: "text", nullable: false),
                    caller_name = table.Column<string>(type: "text", nullable: true),
                    number_form = table.Column<string>(type: "text", nullable: false),
                    most_calls = table.Column<int>(type: "integer", nullable: false),
                    calls_per_second = table.Column<int>(type: "integer", nullable: false),
                    order = table.Column<int>(type: "integer", nullable: false),
                    foreign = table.Column<bool>(type: "boolean", nullable: false),
                    premium = table.Column<bool>(type: "boolean", nullable: false),
                    forbidden = table.Column<List<string>>(type: "text[]", nullable: false),
                    reach = table.Column<string>(type: "text", nullable: false),
                    reach_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    registration = table.Column<string>(type: "text", nullable: false),
                    registration_status = table.Column<int>(type: "integer", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_trunk", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_call_asked_at",
                schema: "telephony",
                table: "call",
                column: "asked_at");

            migrationBuilder.CreateIndex(
                name: "IX_call_person_live",
                schema: "telephony",
                table: "call",
                column: "person_id",
                unique: true,
                filter: "state <> 'Ended'");

            migrationBuilder.CreateIndex(
                name: "IX_call_trunk_live",
                schema: "telephony",
                table: "call",
                column: "trunk_id",
                filter: "state <> 'Ended'");

            migrationBuilder.CreateIndex(
                name: "IX_trunk_normalized_name",
                schema: "telephony",
                table: "trunk",
                column: "normalized_name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "call",
                schema: "telephony");

            migrationBuilder.DropTable(
                name: "trunk",
                schema: "telephony");
        }
    }
}
