using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Telephony.Migrations
{
    /// <inheritdoc />
    public partial class CallBackMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "call_back",
                schema: "telephony",
                table: "trunk",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "call_back_sound",
                schema: "telephony",
                table: "trunk",
                type: "bytea",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "call_back",
                schema: "telephony",
                table: "trunk");

            migrationBuilder.DropColumn(
                name: "call_back_sound",
                schema: "telephony",
                table: "trunk");
        }
    }
}
