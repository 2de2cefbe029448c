using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class ContinuityPlans : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "BegunAt",
                schema: "desktops",
                table: "fleet_job_row",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "plan",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    NormalizedName = table.Column<string>(type: "text", nullable: false),
                    Steps = table.Column<string>(type: "jsonb", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ChangedBy = table.Column<string>(type: "text", nullable: false),
                    Rehearsal = table.Column<string>(type: "jsonb", nullable: true),
                    RehearsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RehearsedBy = table.Column<string>(type: "text", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_plan", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "plan_run",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlanId = table.Column<Guid>(type: "uuid", nullable: false),
                    ActorId = table.Column<string>(type: "text", nullable: false),
                    ActorName = table.Column<string>(type: "text", nullable: false),
                    ActorAddress = table.Column<string>(type: "text", nullable: true),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FinishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    StoppedBy = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_plan_run", x => x.Id);
                    table.ForeignKey(
                        name: "FK_plan_run_plan_PlanId",
                        column: x => x.PlanId,
                        principalSchema: "desktops",
                        principalTable: "plan",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "plan_run_step",
                schema: "desktops",
                columns: table => new
                {
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Step = table.Column<string>(type: "jsonb", nullable: false),
                    BegunAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    JobId = table.Column<Guid>(type: "uuid", nullable: true),
                    Barred = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_plan_run_step", x => new { x.RunId, x.Number });
                    table.ForeignKey(
                        name: "FK_plan_run_step_plan_run_RunId",
                        column: x => x.RunId,
                        principalSchema: "desktops",
                        principalTable: "plan_run",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_plan_NormalizedName",
                schema: "desktops",
                table: "plan",
                column: "NormalizedName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_plan_run_open",
                schema: "desktops",
                table: "plan_run",
                column: "PlanId",
                unique: true,
                filter: "\"FinishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_plan_run_PlanId_AskedAt",
                schema: "desktops",
                table: "plan_run",
                columns: new[] { "PlanId", "AskedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "plan_run_step",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "plan_run",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "plan",
                schema: "desktops");

            migrationBuilder.DropColumn(
                name: "BegunAt",
                schema: "desktops",
                table: "fleet_job_row");
        }
    }
}
