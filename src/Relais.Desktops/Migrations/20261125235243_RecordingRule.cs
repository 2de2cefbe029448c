using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class RecordingRule : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Recording",
                schema: "desktops",
                table: "workstation",
                type: "text",
                nullable: false,
                defaultValue: "Off");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Recording",
                schema: "desktops",
                table: "workstation");
        }
    }
}
