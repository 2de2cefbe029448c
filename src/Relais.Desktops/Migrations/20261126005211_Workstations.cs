using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class Workstations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "workstation",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    NormalizedName = table.Column<string>(type: "text", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: true),
                    Protocol = table.Column<string>(type: "text", nullable: false),
                    Host = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    Port = table.Column<int>(type: "integer", nullable: false),
                    Mac = table.Column<string>(type: "text", nullable: true),
                    Site = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Direct = table.Column<bool>(type: "boolean", nullable: false),
                    Clipboard = table.Column<string>(type: "text", nullable: false),
                    Recording = table.Column<string>(type: "text", nullable: false, defaultValue: "Off"),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    Pin = table.Column<byte[]>(type: "bytea", nullable: true),
                    SeenPin = table.Column<byte[]>(type: "bytea", nullable: true),
                    WantsSignIn = table.Column<bool>(type: "boolean", nullable: false),
                    Reach = table.Column<string>(type: "text", nullable: false),
                    ReachSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WakingSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WakeSentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "workstation_account",
                schema: "desktops",
                columns: table => new
                {
                    WorkstationId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Secret = table.Column<string>(type: "text", nullable: false),
                    GivenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstation_account", x => new { x.WorkstationId, x.PersonId, x.SignInId });
                    table.ForeignKey(
                        name: "FK_workstation_account_workstation_WorkstationId",
                        column: x => x.WorkstationId,
                        principalSchema: "desktops",
                        principalTable: "workstation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "workstation_ask",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Wanted = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WorkstationId = table.Column<Guid>(type: "uuid", nullable: true),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstation_ask", x => x.Id);
                    table.ForeignKey(
                        name: "FK_workstation_ask_workstation_WorkstationId",
                        column: x => x.WorkstationId,
                        principalSchema: "desktops",
                        principalTable: "workstation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "workstation_group",
                schema: "desktops",
                columns: table => new
                {
                    WorkstationId = table.Column<Guid>(type: "uuid", nullable: false),
                    GroupId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstation_group", x => new { x.WorkstationId, x.GroupId });
                    table.ForeignKey(
                        name: "FK_workstation_group_workstation_WorkstationId",
                        column: x => x.WorkstationId,
                        principalSchema: "desktops",
                        principalTable: "workstation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workstation_NormalizedName",
                schema: "desktops",
                table: "workstation",
                column: "NormalizedName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_workstation_OwnerId",
                schema: "desktops",
                table: "workstation",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_workstation_ask_WorkstationId_PersonId",
                schema: "desktops",
                table: "workstation_ask",
                columns: new[] { "WorkstationId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_workstation_group_GroupId",
                schema: "desktops",
                table: "workstation_group",
                column: "GroupId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "workstation_account",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "workstation_ask",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "workstation_group",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "workstation",
                schema: "desktops");
        }
    }
}
