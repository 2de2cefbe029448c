using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class Dialler : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dial_minute",
                schema: "fieldwork",
                columns: table => new
                {
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    minute = table.Column<long>(type: "bigint", nullable: false),
                    answered = table.Column<int>(type: "integer", nullable: false),
                    abandoned = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dial_minute", x => new { x.wave_id, x.minute });
                });

            migrationBuilder.CreateTable(
                name: "dial_seat",
                schema: "fieldwork",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node = table.Column<string>(type: "text", nullable: true),
                    leaving = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dial_seat", x => x.person_id);
                });

            migrationBuilder.CreateTable(
                name: "dialled_call",
                schema: "fieldwork",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    node = table.Column<string>(type: "text", nullable: false),
                    placed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dialled_call", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "wave_dialler",
                schema: "fieldwork",
                columns: table => new
                {
                    wave_id = table.Column<int>(type: "integer", nullable: false),
                    abandonment_limit = table.Column<double>(type: "double precision", nullable: false),
                    ring_seconds = table.Column<short>(type: "smallint", nullable: false),
                    message = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    paused = table.Column<bool>(type: "boolean", nullable: false),
                    paused_by = table.Column<string>(type: "text", nullable: false),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    holding = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wave_dialler", x => x.wave_id);
                    table.ForeignKey(
                        name: "FK_wave_dialler_wave_wave_id",
                        column: x => x.wave_id,
                        principalSchema: "fieldwork",
                        principalTable: "wave",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_dial_seat_wave_id",
                schema: "fieldwork",
                table: "dial_seat",
                column: "wave_id");

            migrationBuilder.CreateIndex(
                name: "IX_dialled_call_case_id",
                schema: "fieldwork",
                table: "dialled_call",
                column: "case_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_dialled_call_wave_id",
                schema: "fieldwork",
                table: "dialled_call",
                column: "wave_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "dial_minute",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "dial_seat",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "dialled_call",
                schema: "fieldwork");

            migrationBuilder.DropTable(
                name: "wave_dialler",
                schema: "fieldwork");
        }
    }
}
