using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class SitesAndAgents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Site",
                schema: "gateway",
                table: "session",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "site",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NormalizedName = table.Column<string>(type: "text", nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_site", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "site_agent",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SiteId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    SecretHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    EnrolledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Address = table.Column<string>(type: "text", nullable: true),
                    LinkId = table.Column<Guid>(type: "uuid", nullable: true),
                    ConnectedSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    SeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_site_agent", x => x.Id);
                    table.ForeignKey(
                        name: "FK_site_agent_site_SiteId",
                        column: x => x.SiteId,
                        principalSchema: "gateway",
                        principalTable: "site",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "site_token",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SiteId = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    IssuedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_site_token", x => x.Id);
                    table.ForeignKey(
                        name: "FK_site_token_site_SiteId",
                        column: x => x.SiteId,
                        principalSchema: "gateway",
                        principalTable: "site",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_site_NormalizedName",
                schema: "gateway",
                table: "site",
                column: "NormalizedName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_site_agent_SecretHash",
                schema: "gateway",
                table: "site_agent",
                column: "SecretHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_site_agent_SiteId",
                schema: "gateway",
                table: "site_agent",
                column: "SiteId");

            migrationBuilder.CreateIndex(
                name: "IX_site_token_SiteId",
                schema: "gateway",
                table: "site_token",
                column: "SiteId");

            migrationBuilder.CreateIndex(
                name: "IX_site_token_TokenHash",
                schema: "gateway",
                table: "site_token",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "site_agent",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "site_token",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "site",
                schema: "gateway");

            migrationBuilder.DropColumn(
                name: "Site",
                schema: "gateway",
                table: "session");
        }
    }
}
