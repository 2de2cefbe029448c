using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class Pools : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_desktop_PersonId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AskedForAt",
                schema: "desktops",
                table: "desktop",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ClaimedAt",
                schema: "desktops",
                table: "desktop",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "HomeId",
                schema: "desktops",
                table: "desktop",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "PoolId",
                schema: "desktops",
                table: "desktop",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "pool",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    NormalizedName = table.Column<string>(type: "text", nullable: false),
                    Bundle = table.Column<string>(type: "text", nullable: false),
                    Groups = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    KeepsHome = table.Column<bool>(type: "boolean", nullable: false),
                    Most = table.Column<int>(type: "integer", nullable: false),
                    Ready = table.Column<int>(type: "integer", nullable: false),
                    Schedule = table.Column<string>(type: "jsonb", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pool", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "pool_home",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PoolId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pool_home", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_desktop_HomeId",
                schema: "desktops",
                table: "desktop",
                column: "HomeId",
                unique: true,
                filter: "\"HomeId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_desktop_PersonId",
                schema: "desktops",
                table: "desktop",
                column: "PersonId",
                unique: true,
                filter: "\"PoolId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_desktop_PoolId_PersonId",
                schema: "desktops",
                table: "desktop",
                columns: new[] { "PoolId", "PersonId" },
                unique: true,
                filter: "\"PoolId\" IS NOT NULL AND \"PersonId\" <> '00000000-0000-0000-0000-000000000000' AND \"Wanted\" <> 'Deleted'");

            migrationBuilder.CreateIndex(
                name: "IX_pool_NormalizedName",
                schema: "desktops",
                table: "pool",
                column: "NormalizedName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_pool_home_PoolId_PersonId",
                schema: "desktops",
                table: "pool_home",
                columns: new[] { "PoolId", "PersonId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pool",
                schema: "desktops");

            migrationBuilder.DropTable(
                name: "pool_home",
                schema: "desktops");

            migrationBuilder.DropIndex(
                name: "IX_desktop_HomeId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropIndex(
                name: "IX_desktop_PersonId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropIndex(
                name: "IX_desktop_PoolId_PersonId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "AskedForAt",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "ClaimedAt",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "HomeId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.DropColumn(
                name: "PoolId",
                schema: "desktops",
                table: "desktop");

            migrationBuilder.CreateIndex(
                name: "IX_desktop_PersonId",
                schema: "desktops",
                table: "desktop",
                column: "PersonId",
                unique: true);
        }
    }
}
