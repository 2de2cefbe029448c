using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Access.Migrations
{
    /// <inheritdoc />
    public partial class DirectoryAndOpenId : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "issuer_id",
                schema: "access",
                table: "sign_in",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "directory",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    port = table.Column<int>(type: "integer", nullable: false),
                    security = table.Column<int>(type: "integer", nullable: false),
                    authority = table.Column<string>(type: "text", nullable: true),
                    bind_name = table.Column<string>(type: "text", nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    @base = table.Column<string>(name: "base", type: "text", nullable: false),
                    filter = table.Column<string>(type: "text", nullable: false),
                    user_name_attribute = table.Column<string>(type: "text", nullable: false),
                    name_attribute = table.Column<string>(type: "text", nullable: false),
                    mail_attribute = table.Column<string>(type: "text", nullable: false),
                    phone_attribute = table.Column<string>(type: "text", nullable: true),
                    site_attribute = table.Column<string>(type: "text", nullable: true),
                    key_attribute = table.Column<string>(type: "text", nullable: false),
                    disabled_attribute = table.Column<string>(type: "text", nullable: true),
                    disabled_value = table.Column<string>(type: "text", nullable: true),
                    membership = table.Column<int>(type: "integer", nullable: false),
                    group_base = table.Column<string>(type: "text", nullable: true),
                    group_filter = table.Column<string>(type: "text", nullable: false),
                    page_size = table.Column<int>(type: "integer", nullable: false),
                    every_minutes = table.Column<int>(type: "integer", nullable: false),
                    most_disabled_percent = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_directory", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "directory_link",
                schema: "access",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    disabled_by_directory = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_directory_link", x => x.person_id);
                    table.ForeignKey(
                        name: "FK_directory_link_person_person_id",
                        column: x => x.person_id,
                        principalSchema: "access",
                        principalTable: "person",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "directory_run",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    trouble = table.Column<int>(type: "integer", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    created = table.Column<int>(type: "integer", nullable: false),
                    changed = table.Column<int>(type: "integer", nullable: false),
                    disabled = table.Column<int>(type: "integer", nullable: false),
                    enabled = table.Column<int>(type: "integer", nullable: false),
                    problems = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_directory_run", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "open_id_issuer",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    authority = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    client_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    mail_claim = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    groups_claim = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    creates_people = table.Column<bool>(type: "boolean", nullable: false),
                    factor_counts = table.Column<bool>(type: "boolean", nullable: false),
                    factor_acr = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_open_id_issuer", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "open_id_link",
                schema: "access",
                columns: table => new
                {
                    issuer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    linked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_open_id_link", x => new { x.issuer_id, x.subject });
                    table.ForeignKey(
                        name: "FK_open_id_link_open_id_issuer_issuer_id",
                        column: x => x.issuer_id,
                        principalSchema: "access",
                        principalTable: "open_id_issuer",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_open_id_link_person_person_id",
                        column: x => x.person_id,
                        principalSchema: "access",
                        principalTable: "person",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_issuer_id",
                schema: "access",
                table: "sign_in",
                column: "issuer_id");

            migrationBuilder.CreateIndex(
                name: "IX_directory_link_key",
                schema: "access",
                table: "directory_link",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_directory_run_at",
                schema: "access",
                table: "directory_run",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_open_id_link_issuer_id_person_id",
                schema: "access",
                table: "open_id_link",
                columns: new[] { "issuer_id", "person_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_open_id_link_person_id",
                schema: "access",
                table: "open_id_link",
                column: "person_id");

            migrationBuilder.AddForeignKey(
                name: "FK_sign_in_open_id_issuer_issuer_id",
                schema: "access",
                table: "sign_in",
                column: "issuer_id",
                principalSchema: "access",
                principalTable: "open_id_issuer",
                principalColumn: "id",
                onDelete: ReferentialAction.SetNull);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_sign_in_open_id_issuer_issuer_id",
                schema: "access",
                table: "sign_in");

            migrationBuilder.DropTable(
                name: "directory",
                schema: "access");

            migrationBuilder.DropTable(
                name: "directory_link",
                schema: "access");

            migrationBuilder.DropTable(
                name: "directory_run",
                schema: "access");

            migrationBuilder.DropTable(
                name: "open_id_link",
                schema: "access");

            migrationBuilder.DropTable(
                name: "open_id_issuer",
                schema: "access");

            migrationBuilder.DropIndex(
                name: "IX_sign_in_issuer_id",
                schema: "access",
                table: "sign_in");

            migrationBuilder.DropColumn(
                name: "issuer_id",
                schema: "access",
                table: "sign_in");
        }
    }
}
