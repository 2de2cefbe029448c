using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class FeedsAndPictures : Migration
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
                name: "feed",
                schema: "gateway",
                columns: table => new
                {
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Device = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feed", x => x.ClientId);
                });

            migrationBuilder.CreateTable(
                name: "feed_file",
                schema: "gateway",
                columns: table => new
                {
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    TargetId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    InspectedHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    PassedHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feed_file", x => new { x.ClientId, x.Kind, x.TargetId });
                });

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
                name: "IX_feed_file_InspectedHash",
                schema: "gateway",
                table: "feed_file",
                column: "InspectedHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_feed_file_PassedHash",
                schema: "gateway",
                table: "feed_file",
                column: "PassedHash",
                unique: true);

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
                name: "feed",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "feed_file",
                schema: "gateway");

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
