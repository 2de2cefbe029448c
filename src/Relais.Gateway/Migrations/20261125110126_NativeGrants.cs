using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class NativeGrants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ClientAddress",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClientName",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Door",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: false,
                defaultValue: "Browser");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ClientAddress",
                schema: "gateway",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "ClientName",
                schema: "gateway",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "Door",
                schema: "gateway",
                table: "grant");
        }
    }
}
