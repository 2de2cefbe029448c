using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class ShiftsOfTeams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "shifts_only",
                schema: "fieldwork",
                table: "team",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "shifts_only",
                schema: "fieldwork",
                table: "team");
        }
    }
}
