using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Audience.Migrations
{
    /// <inheritdoc />
    public partial class RejectedInterviews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "RejectedAt",
                schema: "audience",
                table: "field_interview",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "RejectedAt",
                schema: "audience",
                table: "field_interview");
        }
    }
}
