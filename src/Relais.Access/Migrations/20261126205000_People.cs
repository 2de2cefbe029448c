using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Access.Migrations
{
    /// <inheritdoc />
    public partial class People : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "bundle",
                schema: "access",
                table: "person",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "phone",
                schema: "access",
                table: "person",
                type: "character varying(30)",
                maxLength: 30,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "site",
                schema: "access",
                table: "person",
                type: "character varying(80)",
                maxLength: 80,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "invitation",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    way = table.Column<int>(type: "integer", nullable: false),
                    batch = table.Column<Guid>(type: "uuid", nullable: false),
                    portal = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failure = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    refused = table.Column<bool>(type: "boolean", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invitation", x => x.id);
                    table.ForeignKey(
                        name: "FK_invitation_person_person_id",
                        column: x => x.person_id,
                        principalSchema: "access",
                        principalTable: "person",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_invitation_batch",
                schema: "access",
                table: "invitation",
                column: "batch");

            migrationBuilder.CreateIndex(
                name: "IX_invitation_person_id",
                schema: "access",
                table: "invitation",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_invitation_token_hash",
                schema: "access",
                table: "invitation",
                column: "token_hash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "invitation",
                schema: "access");

            migrationBuilder.DropColumn(
                name: "bundle",
                schema: "access",
                table: "person");

            migrationBuilder.DropColumn(
                name: "phone",
                schema: "access",
                table: "person");

            migrationBuilder.DropColumn(
                name: "site",
                schema: "access",
                table: "person");
        }
    }
}
