using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class SessionsAppsAndSites : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Protocol",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Rdp");

            migrationBuilder.AddColumn<string>(
                name: "Recording",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Off");

            migrationBuilder.AddColumn<string>(
                name: "Security",
                schema: "gateway",
                table: "session",
                type: "text",
                nullable: false,
                defaultValue: "Tls");

            migrationBuilder.AddColumn<string>(
                name: "Site",
                schema: "gateway",
                table: "session",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClientAddress",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClientName",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Door",
                schema: "gateway",
                table: "grant",
                type: "text",
                nullable: false,
                defaultValue: "Browser");

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
                name: "connect_pass",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SecretHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Code = table.Column<string>(type: "text", nullable: false),
                    Device = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Address = table.Column<string>(type: "text", nullable: true),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: true),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: true),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connect_pass", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "recording",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Connection = table.Column<int>(type: "integer", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetKind = table.Column<string>(type: "text", nullable: false),
                    TargetId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetName = table.Column<string>(type: "text", nullable: false),
                    Protocol = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Duration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    LengthBytes = table.Column<long>(type: "bigint", nullable: false),
                    Node = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    File = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    HeldAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recording", x => x.Id);
                });

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
                name: "watch",
                schema: "gateway",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    SignInId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedByName = table.Column<string>(type: "text", nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AnsweredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_watch", x => x.Id);
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

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_Code",
                schema: "gateway",
                table: "connect_pass",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_PersonId",
                schema: "gateway",
                table: "connect_pass",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_connect_pass_SecretHash",
                schema: "gateway",
                table: "connect_pass",
                column: "SecretHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_recording_Node_State",
                schema: "gateway",
                table: "recording",
                columns: new[] { "Node", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_recording_SessionId_Connection",
                schema: "gateway",
                table: "recording",
                columns: new[] { "SessionId", "Connection" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_recording_StartedAt",
                schema: "gateway",
                table: "recording",
                column: "StartedAt");

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

            migrationBuilder.CreateIndex(
                name: "IX_watch_SessionId",
                schema: "gateway",
                table: "watch",
                column: "SessionId");
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
                name: "connect_pass",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "recording",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "site_agent",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "site_token",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "watch",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "app",
                schema: "gateway");

            migrationBuilder.DropTable(
                name: "site",
                schema: "gateway");

            migrationBuilder.DropColumn(
                name: "Protocol",
                schema: "gateway",
                table: "session");

            migrationBuilder.DropColumn(
                name: "Recording",
                schema: "gateway",
                table: "session");

            migrationBuilder.DropColumn(
                name: "Security",
                schema: "gateway",
                table: "session");

            migrationBuilder.DropColumn(
                name: "Site",
                schema: "gateway",
                table: "session");

            migrationBuilder.DropColumn(
                name: "ClientAddress",
                schema: "gateway",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "ClientName",
                schema: "gateway",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "Door",
                schema: "gateway",
                table: "grant");
        }
    }
}
