using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Audience.Migrations
{
    /// <inheritdoc />
    public partial class FieldInterviews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "field_interview",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FieldWave = table.Column<int>(type: "integer", nullable: false),
                    FieldWaveName = table.Column<string>(type: "text", nullable: false),
                    FieldStudyName = table.Column<string>(type: "text", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    CompletedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Variables = table.Column<string>(type: "text", nullable: false),
                    Heard = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_field_interview", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_field_interview_Day_FieldWave",
                schema: "audience",
                table: "field_interview",
                columns: new[] { "Day", "FieldWave" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "field_interview",
                schema: "audience");
        }
    }
}
