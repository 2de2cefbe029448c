using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relais.Audience.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "audience");

            migrationBuilder.CreateTable(
                name: "study",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LatestVersion = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_study", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "universe",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    Source = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Date = table.Column<DateOnly>(type: "date", nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AddedByName = table.Column<string>(type: "text", nullable: false),
                    Margins = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_universe", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "study_version",
                schema: "audience",
                columns: table => new
                {
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ByName = table.Column<string>(type: "text", nullable: false),
                    Settings = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_study_version", x => new { x.StudyId, x.Number });
                    table.ForeignKey(
                        name: "FK_study_version_study_StudyId",
                        column: x => x.StudyId,
                        principalSchema: "audience",
                        principalTable: "study",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "wave",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: false),
                    UniverseId = table.Column<Guid>(type: "uuid", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    RunId = table.Column<Guid>(type: "uuid", nullable: true),
                    ProposedById = table.Column<Guid>(type: "uuid", nullable: true),
                    ProposedByName = table.Column<string>(type: "text", nullable: true),
                    ProposedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    SentBackReason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    PublishedById = table.Column<Guid>(type: "uuid", nullable: true),
                    PublishedByName = table.Column<string>(type: "text", nullable: true),
                    PublishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EmbargoUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wave", x => x.Id);
                    table.CheckConstraint("four_eyes", "\"State\" <> 'Published' OR (\"PublishedById\" IS NOT NULL AND \"ProposedById\" IS NOT NULL AND \"PublishedById\" <> \"ProposedById\")");
                    table.ForeignKey(
                        name: "FK_wave_study_StudyId",
                        column: x => x.StudyId,
                        principalSchema: "audience",
                        principalTable: "study",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_wave_universe_UniverseId",
                        column: x => x.UniverseId,
                        principalSchema: "audience",
                        principalTable: "universe",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "input",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WaveId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    FileName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    LengthBytes = table.Column<long>(type: "bigint", nullable: false),
                    Rows = table.Column<long>(type: "bigint", nullable: false),
                    ImportedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ImportedByName = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_input", x => x.Id);
                    table.ForeignKey(
                        name: "FK_input_wave_WaveId",
                        column: x => x.WaveId,
                        principalSchema: "audience",
                        principalTable: "wave",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "run",
                schema: "audience",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WaveId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Step = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    CancelAsked = table.Column<bool>(type: "boolean", nullable: false),
                    RespondentsId = table.Column<Guid>(type: "uuid", nullable: false),
                    ListeningId = table.Column<Guid>(type: "uuid", nullable: false),
                    RespondentsSha256 = table.Column<string>(type: "text", nullable: false),
                    ListeningSha256 = table.Column<string>(type: "text", nullable: false),
                    Settings = table.Column<string>(type: "text", nullable: false),
                    SettingsSha256 = table.Column<string>(type: "text", nullable: false),
                    Software = table.Column<string>(type: "text", nullable: false),
                    RequestedById = table.Column<Guid>(type: "uuid", nullable: false),
                    RequestedByName = table.Column<string>(type: "text", nullable: false),
                    RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FinishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Report = table.Column<string>(type: "text", nullable: true),
                    Faults = table.Column<string>(type: "text", nullable: true),
                    ResultSha256 = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run", x => x.Id);
                    table.ForeignKey(
                        name: "FK_run_wave_WaveId",
                        column: x => x.WaveId,
                        principalSchema: "audience",
                        principalTable: "wave",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "input_chunk",
                schema: "audience",
                columns: table => new
                {
                    InputId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_input_chunk", x => new { x.InputId, x.Number });
                    table.ForeignKey(
                        name: "FK_input_chunk_input_InputId",
                        column: x => x.InputId,
                        principalSchema: "audience",
                        principalTable: "input",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "curve",
                schema: "audience",
                columns: table => new
                {
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Target = table.Column<string>(type: "text", nullable: false),
                    Station = table.Column<string>(type: "text", nullable: false),
                    Interviews = table.Column<int>(type: "integer", nullable: false),
                    Listeners = table.Column<int>(type: "integer", nullable: false),
                    Pct = table.Column<double[]>(type: "double precision[]", nullable: false),
                    Se = table.Column<double[]>(type: "double precision[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_curve", x => new { x.RunId, x.Target, x.Station });
                    table.ForeignKey(
                        name: "FK_curve_run_RunId",
                        column: x => x.RunId,
                        principalSchema: "audience",
                        principalTable: "run",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "figure",
                schema: "audience",
                columns: table => new
                {
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    Target = table.Column<string>(type: "text", nullable: false),
                    Band = table.Column<string>(type: "text", nullable: false),
                    Station = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<short>(type: "smallint", nullable: false),
                    Interviews = table.Column<int>(type: "integer", nullable: false),
                    Listeners = table.Column<int>(type: "integer", nullable: false),
                    Universe = table.Column<double>(type: "double precision", nullable: false),
                    Ac = table.Column<double>(type: "double precision", nullable: false),
                    AcSe = table.Column<double>(type: "double precision", nullable: false),
                    AcPct = table.Column<double>(type: "double precision", nullable: false),
                    AcPctSe = table.Column<double>(type: "double precision", nullable: false),
                    Qhm = table.Column<double>(type: "double precision", nullable: false),
                    QhmSe = table.Column<double>(type: "double precision", nullable: false),
                    QhmPct = table.Column<double>(type: "double precision", nullable: false),
                    QhmPctSe = table.Column<double>(type: "double precision", nullable: false),
                    Volume = table.Column<double>(type: "double precision", nullable: false),
                    Dea = table.Column<double>(type: "double precision", nullable: false),
                    DeaSe = table.Column<double>(type: "double precision", nullable: false),
                    Pda = table.Column<double>(type: "double precision", nullable: false),
                    PdaSe = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_figure", x => new { x.RunId, x.Place });
                    table.ForeignKey(
                        name: "FK_figure_run_RunId",
                        column: x => x.RunId,
                        principalSchema: "audience",
                        principalTable: "run",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "run_weights",
                schema: "audience",
                columns: table => new
                {
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_weights", x => x.RunId);
                    table.ForeignKey(
                        name: "FK_run_weights_run_RunId",
                        column: x => x.RunId,
                        principalSchema: "audience",
                        principalTable: "run",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_figure_RunId_Station",
                schema: "audience",
                table: "figure",
                columns: new[] { "RunId", "Station" });

            migrationBuilder.CreateIndex(
                name: "IX_figure_RunId_Target_Band",
                schema: "audience",
                table: "figure",
                columns: new[] { "RunId", "Target", "Band" });

            migrationBuilder.CreateIndex(
                name: "IX_input_WaveId_Kind_ImportedAt",
                schema: "audience",
                table: "input",
                columns: new[] { "WaveId", "Kind", "ImportedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_run_State",
                schema: "audience",
                table: "run",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_run_WaveId_Number",
                schema: "audience",
                table: "run",
                columns: new[] { "WaveId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_study_Name",
                schema: "audience",
                table: "study",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_universe_Name_Version",
                schema: "audience",
                table: "universe",
                columns: new[] { "Name", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_wave_StudyId_Name",
                schema: "audience",
                table: "wave",
                columns: new[] { "StudyId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_wave_UniverseId",
                schema: "audience",
                table: "wave",
                column: "UniverseId");

            migrationBuilder.Sql(AudienceModel.Frozen);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION audience.refuse_change() CASCADE");

            migrationBuilder.DropTable(
                name: "curve",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "figure",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "input_chunk",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "run_weights",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "study_version",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "input",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "run",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "wave",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "study",
                schema: "audience");

            migrationBuilder.DropTable(
                name: "universe",
                schema: "audience");
        }
    }
}
