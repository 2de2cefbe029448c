using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Audience.Migrations
{
    /// <inheritdoc />
    public partial class RunRemoval : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "RemovedAt",
                schema: "audience",
                table: "run",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.Sql(AudienceModel.Removal);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP FUNCTION audience.refuse_removal() CASCADE;
                DROP FUNCTION audience.refuse_run_change() CASCADE;
                CREATE TRIGGER run_frozen BEFORE UPDATE ON audience.run FOR EACH ROW
                  WHEN (OLD."State" IN ('Done', 'Failed', 'Cancelled')) EXECUTE FUNCTION audience.refuse_change();
                """);
            migrationBuilder.DropColumn(
                name: "RemovedAt",
                schema: "audience",
                table: "run");
        }
    }
}
