using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Access.Migrations
{
    /// <inheritdoc />
    public partial class PeopleElsewhere : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "role_groups",
                schema: "access",
                table: "directory",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<bool>(
                name: "signs_in",
                schema: "access",
                table: "directory",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "kept_form",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    browser_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    path = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    fields = table.Column<byte[]>(type: "bytea", nullable: false),
                    kept_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_form", x => x.id);
                    table.ForeignKey(
                        name: "FK_kept_form_person_person_id",
                        column: x => x.person_id,
                        principalSchema: "access",
                        principalTable: "person",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_kept_form_kept_at",
                schema: "access",
                table: "kept_form",
                column: "kept_at");

            migrationBuilder.CreateIndex(
                name: "IX_kept_form_person_id",
                schema: "access",
                table: "kept_form",
                column: "person_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "kept_form",
                schema: "access");

            migrationBuilder.DropColumn(
                name: "role_groups",
                schema: "access",
                table: "directory");

            migrationBuilder.DropColumn(
                name: "signs_in",
                schema: "access",
                table: "directory");
        }
    }
}
