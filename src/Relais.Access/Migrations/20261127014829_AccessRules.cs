using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Access.Migrations
{
    /// <inheritdoc />
    public partial class AccessRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "new_device",
                schema: "access",
                table: "sign_in",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "second_factor_at",
                schema: "access",
                table: "sign_in",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "access_rule",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    roles = table.Column<string[]>(type: "text[]", nullable: false),
                    groups = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    networks = table.Column<string[]>(type: "text[]", nullable: false),
                    countries = table.Column<string[]>(type: "text[]", nullable: false),
                    elsewhere = table.Column<bool>(type: "boolean", nullable: false),
                    devices = table.Column<int>(type: "integer", nullable: false),
                    targets = table.Column<int>(type: "integer", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    from = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    to = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    decision = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    proof_hours = table.Column<int>(type: "integer", nullable: true),
                    words = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_rule", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "access_setting",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    @default = table.Column<string>(name: "default", type: "character varying(20)", maxLength: 20, nullable: false),
                    countries = table.Column<Guid>(type: "uuid", nullable: true),
                    countries_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    countries_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    country_ranges = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_setting", x => x.id);
                    table.CheckConstraint("access_setting_one", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "country_range",
                schema: "access",
                columns: table => new
                {
                    first = table.Column<byte[]>(type: "bytea", nullable: false),
                    last = table.Column<byte[]>(type: "bytea", nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_country_range", x => x.first);
                });

            migrationBuilder.InsertData(
                schema: "access",
                table: "access_setting",
                columns: new[] { "id", "countries", "countries_at", "countries_name", "country_ranges", "default" },
                values: new object[] { 1, null, null, "", 0, "Allow" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_rule",
                schema: "access");

            migrationBuilder.DropTable(
                name: "access_setting",
                schema: "access");

            migrationBuilder.DropTable(
                name: "country_range",
                schema: "access");

            migrationBuilder.DropColumn(
                name: "new_device",
                schema: "access",
                table: "sign_in");

            migrationBuilder.DropColumn(
                name: "second_factor_at",
                schema: "access",
                table: "sign_in");
        }
    }
}
