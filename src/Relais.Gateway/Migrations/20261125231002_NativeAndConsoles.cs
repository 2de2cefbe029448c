using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class NativeAndConsoles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Protocol",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Rdp");

            migrationBuilder.AddColumn<string>(
                name: "Security",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Tls");

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

            migrationBuilder.CreateTable(
                name: "connect_pass",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SecretHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Code = table.Column<string>(type: "text", nullable: false),
                    Device = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Address = table.Column<string>(type: "text", nullable: true),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: true),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: true),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connect_pass", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_Code",
                schema: "gateway",
                table: "connect_pass",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_PersonId",
                schema: "gateway",
                table: "connect_pass",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_SecretHash",
                schema: "gateway",
                table: "connect_pass",
                column: "SecretHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "connect_pass",
                schema: "gateway");

            migrationBuilder.DropColumn(
                name: "Protocol",
                schema: "gateway",
                table: "session");

            migrationBuilder.DropColumn(
                name: "Security",
                schema: "gateway",
                table: "session");

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
