using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class UsageReport : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "KillCounter",
                schema: "desktops",
                table: "usage_hour",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Kills",
                schema: "desktops",
                table: "usage_hour",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            // Hours that are there have cached files in their memory.
            migrationBuilder.AddColumn<bool>(
                name: "WithCache",
                schema: "desktops",
                table: "usage_hour",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<List<string>>(
                name: "Tags",
                schema: "desktops",
                table: "desktop",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.CreateTable(
                name: "usage_day",
                schema: "desktops",
                columns: table => new
                {
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    DesktopId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    LimitMiB = table.Column<int>(type: "integer", nullable: false),
                    PoolId = table.Column<Guid>(type: "uuid", nullable: true),
                    Bundle = table.Column<string>(type: "text", nullable: false),
                    RunningSeconds = table.Column<int>(type: "integer", nullable: false),
                    FrozenSeconds = table.Column<int>(type: "integer", nullable: false),
                    SessionSeconds = table.Column<int>(type: "integer", nullable: false),
                    CpuSeconds = table.Column<double>(type: "double precision", nullable: false),
                    CoreSeconds = table.Column<long>(type: "bigint", nullable: false),
                    Kills = table.Column<int>(type: "integer", nullable: false),
                    WithCache = table.Column<bool>(type: "boolean", nullable: false),
                    LastSlot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Peaks = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_day", x => new { x.Day, x.DesktopId, x.PersonId, x.LimitMiB });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "usage_day",
                schema: "desktops");

            migrationBuilder.DropColumn(
                name: "KillCounter",
                schema: "desktops",
                table: "usage_hour");

            migrationBuilder.DropColumn(
                name: "Kills",
                schema: "desktops",
                table: "usage_hour");

            migrationBuilder.DropColumn(
                name: "WithCache",
                schema: "desktops",
                table: "usage_hour");

            migrationBuilder.DropColumn(
                name: "Tags",
                schema: "desktops",
                table: "desktop");
        }
    }
}
