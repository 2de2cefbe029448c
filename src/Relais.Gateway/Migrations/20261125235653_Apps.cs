using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class Apps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "app",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Label = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Upstream = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    PassHost = table.Column<bool>(type: "boolean", nullable: false),
                    SendUser = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "app_key",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Secret = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app_key", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "app_code",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    CodeHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    StepHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    IssuedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RedeemedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app_code", x => x.Id);
                    table.ForeignKey(
                        name: "FK_app_code_app_AppId",
                        column: x => x.AppId,
                        principalSchema: "gateway",
                        principalTable: "app",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "app_group",
                schema: "gateway",
                columns: table => new
                {
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    GroupId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app_group", x => new { x.AppId, x.GroupId });
                    table.ForeignKey(
                        name: "FK_app_group_app_AppId",
                        column: x => x.AppId,
                        principalSchema: "gateway",
                        principalTable: "app",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "app_visit",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    EnteredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app_visit", x => x.Id);
                    table.ForeignKey(
                        name: "FK_app_visit_app_AppId",
                        column: x => x.AppId,
                        principalSchema: "gateway",
                        principalTable: "app",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "app_label",
                schema: "gateway",
                table: "app",
                column: "Label",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_app_code_AppId",
                schema: "gateway",
                table: "app_code",
                column: "AppId");

            migrationBuilder.CreateIndex(
                name: "IX_app_code_CodeHash",
                schema: "gateway",
                table: "app_code",
                column: "CodeHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_app_code_ExpiresAt",
                schema: "gateway",
                table: "app_code",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_app_group_GroupId",
                schema: "gateway",
                table: "app_group",
                column: "GroupId");

            migrationBuilder.CreateIndex(
                name: "IX_app_key_CreatedAt",
                schema: "gateway",
                table: "app_key",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_app_visit_AppId",
                schema: "gateway",
                table: "app_visit",
                column: "AppId");

            migrationBuilder.CreateIndex(
                name: "IX_app_visit_ExpiresAt",
                schema: "gateway",
                table: "app_visit",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_app_visit_TokenHash",
                schema: "gateway",
                table: "app_visit",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "app_code",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "app_group",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "app_key",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "app_visit",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "app",
                schema: "gateway");
        }
    }
}
