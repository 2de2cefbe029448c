using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class SessionRecordings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Recording",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Off");

            migrationBuilder.CreateTable(
                name: "recording",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Connection = table.Column<int>(type: "integer", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetKind = table.Column<string>(type: "text", nullable: false),
                    TargetId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetName = table.Column<string>(type: "text", nullable: false),
                    Protocol = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Duration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    LengthBytes = table.Column<long>(type: "bigint", nullable: false),
                    Node = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    File = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    HeldAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recording", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "watch",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedByName = table.Column<string>(type: "text", nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AnsweredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_watch", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_recording_Node_State",
                schema: "gateway",
                table: "recording",
                columns: new[] { "Node", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_recording_SessionId_Connection",
                schema: "gateway",
                table: "recording",
                columns: new[] { "SessionId", "Connection" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_recording_StartedAt",
                schema: "gateway",
                table: "recording",
                column: "StartedAt");

            migrationBuilder.CreateIndex(
                name: "IX_watch_SessionId",
                schema: "gateway",
                table: "watch",
                column: "SessionId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "recording",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "watch",
                schema: "gateway");

            migrationBuilder.DropColumn(
                name: "Recording",
                schema: "gateway",
                table: "session");
        }
    }
}
