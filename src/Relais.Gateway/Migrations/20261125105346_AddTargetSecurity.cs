using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class AddTargetSecurity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Security",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Tls");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Security",
                schema: "gateway",
                table: "session");
        }
    }
}
