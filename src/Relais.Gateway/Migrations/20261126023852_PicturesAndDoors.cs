using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class PicturesAndDoors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Door",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Browser");

            migrationBuilder.CreateTable(
                name: "picture",
                schema: "gateway",
                columns: table => new
                {
                    Of = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_picture", x => x.Of);
                });

            migrationBuilder.CreateIndex(
                name: "IX_picture_At",
                schema: "gateway",
                table: "picture",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "picture",
                schema: "gateway");

            migrationBuilder.DropColumn(
                name: "Door",
                schema: "gateway",
                table: "session");
        }
    }
}
