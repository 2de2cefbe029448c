using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Relais.Traffic.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "traffic");

            migrationBuilder.CreateTable(
                name: "daily_salt",
                schema: "traffic",
                columns: table => new
                {
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_daily_salt", x => x.day);
                });

            migrationBuilder.CreateTable(
                name: "live_cell",
                schema: "traffic",
                columns: table => new
                {
                    log = table.Column<Guid>(type: "uuid", nullable: false),
                    minute = table.Column<int>(type: "integer", nullable: false),
                    dimension = table.Column<short>(type: "smallint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    views = table.Column<long>(type: "bigint", nullable: false),
                    hits = table.Column<long>(type: "bigint", nullable: false),
                    starts = table.Column<long>(type: "bigint", nullable: false),
                    slots = table.Column<long>(type: "bigint", nullable: false),
                    peak_listeners = table.Column<int>(type: "integer", nullable: false),
                    peak_visitors = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_live_cell", x => new { x.minute, x.dimension, x.value, x.log });
                });

            migrationBuilder.CreateTable(
                name: "live_reach",
                schema: "traffic",
                columns: table => new
                {
                    log = table.Column<Guid>(type: "uuid", nullable: false),
                    quarter = table.Column<int>(type: "integer", nullable: false),
                    dimension = table.Column<short>(type: "smallint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    visitors = table.Column<byte[]>(type: "bytea", nullable: false),
                    listeners = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_live_reach", x => new { x.quarter, x.dimension, x.value, x.log });
                });

            migrationBuilder.CreateTable(
                name: "log_reader",
                schema: "traffic",
                columns: table => new
                {
                    log = table.Column<Guid>(type: "uuid", nullable: false),
                    reader = table.Column<string>(type: "text", nullable: false),
                    segment = table.Column<long>(type: "bigint", nullable: false),
                    offset = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    lost = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_log_reader", x => new { x.log, x.reader });
                });

            migrationBuilder.CreateTable(
                name: "saved_view",
                schema: "traffic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    query = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    shared = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_saved_view", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "site",
                schema: "traffic",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    normalized_name = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    former_key = table.Column<string>(type: "text", nullable: true),
                    former_key_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    consent = table.Column<string>(type: "text", nullable: false),
                    hosts = table.Column<string[]>(type: "text[]", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_site", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_saved_view_person_id",
                schema: "traffic",
                table: "saved_view",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_site_key",
                schema: "traffic",
                table: "site",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_site_normalized_name",
                schema: "traffic",
                table: "site",
                column: "normalized_name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "daily_salt",
                schema: "traffic");

            migrationBuilder.DropTable(
                name: "live_cell",
                schema: "traffic");

            migrationBuilder.DropTable(
                name: "live_reach",
                schema: "traffic");

            migrationBuilder.DropTable(
                name: "log_reader",
                schema: "traffic");

            migrationBuilder.DropTable(
                name: "saved_view",
                schema: "traffic");

            migrationBuilder.DropTable(
                name: "site",
                schema: "traffic");
        }
    }
}
