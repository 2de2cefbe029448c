using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Desktops.Migrations
{
    /// <inheritdoc />
    public partial class AddWorkstationAsks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "workstation_ask",
                schema: "desktops",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Wanted = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WorkstationId = table.Column<Guid>(type: "uuid", nullable: true),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstation_ask", x => x.Id);
                    table.ForeignKey(
                        name: "FK_workstation_ask_workstation_WorkstationId",
                        column: x => x.WorkstationId,
                        principalSchema: "desktops",
                        principalTable: "workstation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workstation_ask_WorkstationId_PersonId",
                schema: "desktops",
                table: "workstation_ask",
                columns: new[] { "WorkstationId", "PersonId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "workstation_ask",
                schema: "desktops");
        }
    }
}
