using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class Fleet : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "AlwaysOn",
                schema: "desktops",
                table: "desktop",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "Asked",
                schema: "desktops",
                table: "desktop",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Boot",
                schema: "desktops",
                table: "desktop",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Cpu",
                schema: "desktops",
                table: "desktop",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DeleteAt",
                schema: "desktops",
                table: "desktop",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "IdleSince",
                schema: "desktops",
                table: "desktop",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Image",
                schema: "desktops",
                table: "desktop",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MemoryMiB",
                schema: "desktops",
                table: "desktop",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Reached",
                schema: "desktops",
                table: "desktop",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<Guid>(
                name: "RestoreFrom",
                schema: "desktops",
                table: "desktop",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Root",
                schema: "desktops",
                table: "desktop",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "bundle",
                schema: "desktops",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false),
                    Target = table.Column<string>(type: "text", nullable: true),
                    TargetSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RollOut = table.Column<string>(type: "text", nullable: false),
                    WindowFrom = table.Column<int>(type: "integer", nullable: false),
                    WindowTo = table.Column<int>(type: "integer", nullable: false),
                    Build = table.Column<string>(type: "text", nullable: false),
                    BuildStep = table.Column<int>(type: "integer", nullable: false),
                    BuildWords = table.Column<string>(type: "text", nullable: true),
                    BuildSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bundle", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "bundle_version",
                schema: "desktops",
                columns: table => new
                {
                    Bundle = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<string>(type: "text", nullable: false),
                    Folder = table.Column<string>(type: "text", nullable: false),
                    SizeBytes = table.Column<long>(type: "bigint", nullable: false),
                    BuiltAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bundle_version", x => new { x.Bundle, x.Hash });
                });

            migrationBuilder.CreateTable(
                name: "fleet_job",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Action = table.Column<string>(type: "text", nullable: false),
                    Arguments = table.Column<string>(type: "jsonb", nullable: false),
                    ActorId = table.Column<string>(type: "text", nullable: false),
                    ActorName = table.Column<string>(type: "text", nullable: false),
                    ActorAddress = table.Column<string>(type: "text", nullable: true),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FinishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    StopAsked = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_job", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "home_snapshot",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    DesktopId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    TakenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Leaving = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_home_snapshot", x => x.Id);
                    table.ForeignKey(
                        name: "FK_home_snapshot_desktop_DesktopId",
                        column: x => x.DesktopId,
                        principalSchema: "desktops",
                        principalTable: "desktop",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "fleet_job_row",
                schema: "desktops",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "uuid", nullable: false),
                    DesktopId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Asked = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    Detail = table.Column<string>(type: "text", nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_job_row", x => new { x.JobId, x.DesktopId });
                    table.ForeignKey(
                        name: "FK_fleet_job_row_fleet_job_JobId",
                        column: x => x.JobId,
                        principalSchema: "desktops",
                        principalTable: "fleet_job",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_fleet_job_FinishedAt",
                schema: "desktops",
                table: "fleet_job",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_home_snapshot_DesktopId",
                schema: "desktops",
                table: "home_snapshot",
                column: "DesktopId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bundle",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "bundle_version",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "fleet_job_row",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "home_snapshot",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "fleet_job",
                schema: "desktops");

            migrationBuilder.DropColumn(
                name: "AlwaysOn",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Asked",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Boot",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Cpu",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "DeleteAt",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "IdleSince",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Image",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "MemoryMiB",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Reached",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "RestoreFrom",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "Root",
                schema: "desktops",
                table: "desktop");
        }
    }
}
