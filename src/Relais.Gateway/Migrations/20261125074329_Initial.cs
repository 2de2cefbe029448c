using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "gateway");

            migrationBuilder.CreateTable(
                name: "grant",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    IssuedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RedeemedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grant", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "session",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetKind = table.Column<string>(type: "text", nullable: false),
                    TargetId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetName = table.Column<string>(type: "text", nullable: false),
                    Address = table.Column<string>(type: "text", nullable: false),
                    UserName = table.Column<string>(type: "text", nullable: false),
                    Secret = table.Column<string>(type: "text", nullable: false),
                    CertificateSha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    Clipboard = table.Column<string>(type: "text", nullable: false),
                    KeyboardLayout = table.Column<long>(type: "bigint", nullable: false),
                    OpenedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    End = table.Column<string>(type: "text", nullable: true),
                    EndAsked = table.Column<string>(type: "text", nullable: true),
                    ClientAddress = table.Column<string>(type: "text", nullable: true),
                    Connection = table.Column<int>(type: "integer", nullable: false),
                    FromClientBytes = table.Column<long>(type: "bigint", nullable: false),
                    ToClientBytes = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_session", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_grant_ExpiresAt",
                schema: "gateway",
                table: "grant",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_grant_TokenHash",
                schema: "gateway",
                table: "grant",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_session_EndedAt",
                schema: "gateway",
                table: "session",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_session_PersonId",
                schema: "gateway",
                table: "session",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_session_TargetKind_TargetId",
                schema: "gateway",
                table: "session",
                columns: new[] { "TargetKind", "TargetId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "grant",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "session",
                schema: "gateway");
        }
    }
}
