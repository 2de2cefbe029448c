using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Traffic.Migrations
{
    /// <inheritdoc />
    public partial class Twins : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "twin",
                schema: "traffic",
                columns: table => new
                {
                    log = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    ids = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_twin", x => new { x.log, x.sequence });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "twin",
                schema: "traffic");
        }
    }
}
