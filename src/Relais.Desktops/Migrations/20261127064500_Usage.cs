using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class Usage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "usage_fleet",
                schema: "desktops",
                columns: table => new
                {
                    Slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    BudgetMiB = table.Column<long>(type: "bigint", nullable: false),
                    Desktops = table.Column<int>(type: "integer", nullable: false),
                    PromisedMiB = table.Column<long>(type: "bigint", nullable: false),
                    UsedMiB = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_fleet", x => x.Slot);
                });

            migrationBuilder.CreateTable(
                name: "usage_hour",
                schema: "desktops",
                columns: table => new
                {
                    Hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DesktopId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Bundle = table.Column<string>(type: "text", nullable: false),
                    CpuCounter = table.Column<long>(type: "bigint", nullable: false),
                    CpuSeconds = table.Column<double>(type: "double precision", nullable: false),
                    FrozenSeconds = table.Column<int>(type: "integer", nullable: false),
                    LastSlot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LimitMiB = table.Column<int>(type: "integer", nullable: false),
                    MemoryMiB = table.Column<int>(type: "integer", nullable: false),
                    PoolId = table.Column<Guid>(type: "uuid", nullable: true),
                    Processors = table.Column<int>(type: "integer", nullable: false),
                    RunningSeconds = table.Column<int>(type: "integer", nullable: false),
                    SessionSeconds = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_hour", x => new { x.Hour, x.DesktopId, x.PersonId });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "usage_fleet",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "usage_hour",
                schema: "desktops");
        }
    }
}
