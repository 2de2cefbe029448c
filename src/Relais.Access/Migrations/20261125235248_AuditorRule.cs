using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Access.Migrations
{
    /// <inheritdoc />
    public partial class AuditorRule : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.InsertData(
                schema: "access",
                table: "second_factor_rule",
                column: "role",
                value: "auditor");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DeleteData(
                schema: "access",
                table: "second_factor_rule",
                keyColumn: "role",
                keyValue: "auditor");
        }
    }
}
