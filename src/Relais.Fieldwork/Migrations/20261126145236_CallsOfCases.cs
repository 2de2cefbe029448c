using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Fieldwork.Migrations
{
    /// <inheritdoc />
    public partial class CallsOfCases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "old_secret",
                schema: "fieldwork",
                table: "webhook",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "old_until",
                schema: "fieldwork",
                table: "webhook",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "caller",
                schema: "fieldwork",
                table: "wave",
                type: "text",
                nullable: false,
                defaultValue: "Ordinary");

            migrationBuilder.AddColumn<string>(
                name: "dialling",
                schema: "fieldwork",
                table: "wave",
                type: "text",
                nullable: false,
                defaultValue: "Preview");

            migrationBuilder.AddColumn<Guid>(
                name: "call_id",
                schema: "fieldwork",
                table: "hold",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "call_number",
                schema: "fieldwork",
                table: "hold",
                type: "smallint",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "call_id",
                schema: "fieldwork",
                table: "attempt",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_attempt_call_id",
                schema: "fieldwork",
                table: "attempt",
                column: "call_id",
                filter: "call_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_attempt_call_id",
                schema: "fieldwork",
                table: "attempt");

            migrationBuilder.DropColumn(
                name: "old_secret",
                schema: "fieldwork",
                table: "webhook");

            migrationBuilder.DropColumn(
                name: "old_until",
                schema: "fieldwork",
                table: "webhook");

            migrationBuilder.DropColumn(
                name: "caller",
                schema: "fieldwork",
                table: "wave");

            migrationBuilder.DropColumn(
                name: "dialling",
                schema: "fieldwork",
                table: "wave");

            migrationBuilder.DropColumn(
                name: "call_id",
                schema: "fieldwork",
                table: "hold");

            migrationBuilder.DropColumn(
                name: "call_number",
                schema: "fieldwork",
                table: "hold");

            migrationBuilder.DropColumn(
                name: "call_id",
                schema: "fieldwork",
                table: "attempt");
        }
    }
}
