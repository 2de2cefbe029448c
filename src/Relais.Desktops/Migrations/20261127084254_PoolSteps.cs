using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class PoolSteps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ReachedAt",
                schema: "desktops",
                table: "plan_run_step",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Started",
                schema: "desktops",
                table: "plan_run_step",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ReachedAt",
                schema: "desktops",
                table: "plan_run_step");

            migrationBuilder.DropColumn(
                name: "Started",
                schema: "desktops",
                table: "plan_run_step");
        }
    }
}
