using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Parquet;
using Parquet.Schema;
using Relais.Audience.Files;
using Relais.Audience.Inputs;
using Relais.Audience.Studies;
using Relais.Audience.Universes;

namespace Relais.Tests.Audience;

public sealed partial class AudienceImport(AudienceApp app) : IClassFixture<AudienceApp>
{
    private const string Margins = "variable,level,total\nsex,H,600\nsex,F,400\nage,jeunes,300\nage,vieux,700\n";
    private const string Header = "id,sex,age,w\n";
    private const string Good = Header + "1,H,jeunes,1\n2,F,vieux,1.5\n3,H,vieux,2\n";

    [Theory]
    [InlineData("", "empty", null, null)]
    [InlineData(Header, "no-rows", null, null)]
    [InlineData("id,sex,w\n1,H,1\n", "column-missing", 1, "age")]
    [InlineData("id,sex,sex,age,w\n1,H,H,vieux,1\n", "column-twice", 1, "sex")]
    [InlineData(Good + "3,F,vieux,1\n", "id-twice", 5, "id")]
    [InlineData(Good + ",F,vieux,1\n", "id-missing", 5, "id")]
    [InlineData(Good + "4,,vieux,1\n", "value-missing", 5, "sex")]
    [InlineData(Good + "4,NA,vieux,1\n", "value-missing", 5, "sex")]
    [InlineData(Good + "4,F,enfant,1\n", "level-unknown", 5, "age")]
    [InlineData(Good + "4,F,vieux,-1\n", "weight-positive", 5, "w")]
    [InlineData(Good + "4,F,vieux,0\n", "weight-positive", 5, "w")]
    [InlineData(Good + "4,F,vieux,\"1,5\"\n", "number-comma", 5, "w")]
    [InlineData(Good + "4,F,vieux,beaucoup\n", "number", 5, "w")]
    [InlineData(Good + "4,F,vieux\n", "width", 5, null)]
    [InlineData(Good + "\n4,F,vieux,1\n", "line-empty", 5, null)]
    public async Task A_file_of_respondents_with_a_fault_is_refused_with_its_place(string file, string code, int? line, string? column)
    {
        var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(await WaveAsync(), InputKind.Respondents, file));
        var fault = refused.Faults.Kept[0];
        Assert.Equal((code, line, column), (fault.Code, (int?)fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("id,station\n1,A\n", "column-missing", 1, "qh")]
    [InlineData("id,station,qh\n9,A,0\n", "id-unknown", 2, "id")]
    [InlineData("id,station,qh\n1,A,0\n1,Z,1\n", "station-unknown", 3, "station")]
    [InlineData("id,station,qh\n1,A,76\n", "quarter-hour", 2, "qh")]
    [InlineData("id,station,qh\n1,A,-1\n", "quarter-hour", 2, "qh")]
    [InlineData("id,station,qh\n1,A,tard\n", "quarter-hour", 2, "qh")]
    public async Task A_file_of_listening_with_a_fault_is_refused_with_its_place(string file, string code, int line, string column)
    {
        var wave = await WaveAsync();
        Assert.IsType<ImportResult.RespondentsFirst>(await app.ImportAsync(wave, InputKind.Listening, file));
        Assert.IsType<ImportResult.Kept>(await app.ImportAsync(wave, InputKind.Respondents, Good));
        var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(wave, InputKind.Listening, file));
        var fault = refused.Faults.Kept[0];
        Assert.Equal((code, line, column), (fault.Code, (int)fault.Line!, fault.Column));
    }

    [Fact]
    public async Task A_file_that_is_not_utf8_is_refused_with_the_line_of_the_first_wrong_byte()
    {
        var bytes = Encoding.Latin1.GetBytes(Header + "1,H,jeunes,1\né,F,vieux,1\n");
        var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(await WaveAsync(), InputKind.Respondents, bytes));
        Assert.Equal(("encoding", 3L, "id"), (refused.Faults.Kept[0].Code, refused.Faults.Kept[0].Line, refused.Faults.Kept[0].Column));
    }

    [Fact]
    public async Task A_Parquet_file_is_read_as_the_table_that_it_holds()
    {
        var wave = await WaveAsync();
        var kept = Assert.IsType<ImportResult.Kept>(await app.ImportAsync(wave, InputKind.Respondents, await ParquetAsync(["1", "2", "3"], [1, 1.5, 2])));
        Assert.Equal(3, kept.Rows);
        Assert.IsType<ImportResult.Kept>(await app.ImportAsync(wave, InputKind.Listening, "id,station,qh\n3,A,12\n"));
        // Its faults have their places too: the header is line 1.
        var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(wave, InputKind.Respondents, await ParquetAsync(["1", "1", "3"], [1, null, 2])));
        Assert.Equal([("id-twice", 3L, "id"), ("value-missing", 3L, "w")], refused.Faults.Kept.Select(f => (f.Code, f.Line ?? 0, f.Column)).Order());
    }

    [Fact]
    public async Task The_column_of_the_clusters_has_to_be_there_and_filled()
    {
        var settings = StudySettings.New with { Columns = new SurveyColumns("id", "w", null, "home"), Stations = [new("A", "Radio A", "")] };
        var wave = await WaveAsync(settings);
        var missing = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(wave, InputKind.Respondents, Good));
        Assert.Equal(("column-missing", "home"), (missing.Faults.Kept[0].Code, missing.Faults.Kept[0].Column));
        var empty = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(wave, InputKind.Respondents, "id,sex,age,w,home\n1,H,jeunes,1,a\n2,F,vieux,1,\n"));
        Assert.Equal(("value-missing", "home"), (empty.Faults.Kept[0].Code, empty.Faults.Kept[0].Column));
        Assert.IsType<ImportResult.Kept>(await app.ImportAsync(wave, InputKind.Respondents, "id,sex,age,w,home\n1,H,jeunes,1,a\n2,F,vieux,1,a\n"));
    }

    [Fact]
    public async Task A_damaged_Parquet_file_is_refused_in_words()
    {
        var whole = await ParquetAsync(["1", "2", "3"], [1, 1.5, 2]);
        foreach (var damaged in new[] { whole[..^20], whole[..40], [.. whole[..12], 0xFF, 0xFF, 0xFF, .. whole[15..]] })
        {
            var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(await WaveAsync(), InputKind.Respondents, damaged));
            Assert.Equal("parquet-damaged", refused.Faults.Kept[0].Code);
        }
    }

    [Fact]
    public async Task All_faults_are_counted_the_first_are_told_and_nothing_is_kept()
    {
        var wave = await WaveAsync();
        var file = new StringBuilder(Header);
        for (var i = 0; i < 1000; i++)
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},X,vieux,1\n");
        var refused = Assert.IsType<ImportResult.Refused>(await app.ImportAsync(wave, InputKind.Respondents, file.ToString()));
        Assert.Equal((1000, ImportFaults.MostKept), (refused.Faults.Count, refused.Faults.Kept.Count));
        Assert.Equal(0, await app.InAudienceAsync(db => db.Inputs.CountAsync(i => i.WaveId == wave)));
        Assert.Equal(0, await app.InAudienceAsync(db => db.InputChunks.CountAsync(c => db.Inputs.Any(i => i.Id == c.InputId && i.WaveId == wave))));
    }

    [Theory]
    [InlineData("variable,level,total\nsex,H,600\nsex,F,400\nage,jeunes,300\nage,vieux,800\n", "sums")]
    [InlineData("variable,level,total\nsex,H,600\nsex,H,400\n", "total-twice")]
    [InlineData("variable,level,total\nsex,H,-1\n", "total-negative")]
    [InlineData("variable,level,total\nsex*age,H,600\n", "cell-parts")]
    [InlineData("variable;level;total\nsex;H;600,5\n", "number-comma")]
    public async Task Totals_that_cannot_be_right_are_refused(string file, string code)
    {
        var refused = Assert.IsType<UniverseResult.FileRefused>(await app.DoAsync<EditUniverses, UniverseResult>(edit => edit.AddAsync(
            "Refusé", "essai", new DateOnly(2026, 1, 1), () => new MemoryStream(Encoding.UTF8.GetBytes(file)), AudienceApp.Of(app.Researcher), CancellationToken.None)));
        Assert.Equal(code, refused.Faults.Kept[0].Code);
    }

    [Fact]
    public void Every_fault_has_words_in_both_languages()
    {
        var folder = Path.Combine(RelaisApp.Repository(), "src", "Relais.Audience");
        var codes = Directory.EnumerateFiles(Path.Combine(folder, "Inputs"), "*.cs").Append(Path.Combine(folder, "Universes", "ReadMargins.cs"))
            .SelectMany(f => Codes().Matches(File.ReadAllText(f)).Select(m => m.Groups["code"].Value))
            .Except(["id", "level", "total", "variable", "qh", "station"]).Distinct().ToList();
        Assert.Contains("quarter-hour", codes);
        codes.AddRange(typeof(TableFault).GetFields().Select(f => (string?)f.GetRawConstantValue() ?? "").Where(c => c != TableFault.CompressedDamaged));
        Assert.Contains("parquet-damaged", codes);
        foreach (var texts in new[] { "AudienceTexts.resx", "AudienceTexts.en.resx" })
        {
            var words = File.ReadAllText(Path.Combine(folder, texts));
            Assert.All(codes, code => Assert.Contains($"\"Import.{code}\"", words, StringComparison.Ordinal));
        }
    }

    private static async Task<byte[]> ParquetAsync(string[] ids, double?[] weights)
    {
        var schema = new ParquetSchema(new DataField<string>("id"), new DataField<string>("sex"), new DataField<string>("age"), new DataField<double?>("w"));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], ids);
            await group.WriteAsync(schema.DataFields[1], Array.ConvertAll(ids, _ => "F"));
            await group.WriteAsync(schema.DataFields[2], Array.ConvertAll(ids, _ => "vieux"));
            await group.WriteAsync<double>(schema.DataFields[3], weights);
        }

        return file.ToArray();
    }

    private Task<Guid> WaveAsync() => WaveAsync(StudySettings.New with { Columns = new SurveyColumns("id", "w", null), Stations = [new("A", "Radio A", "")] });

    private async Task<Guid> WaveAsync(StudySettings settings)
    {
        var name = $"Import {Guid.NewGuid()}";
        var universe = (UniverseResult.Saved)await app.DoAsync<EditUniverses, UniverseResult>(edit => edit.AddAsync(
            "Petit", "essai", new DateOnly(2026, 1, 1), () => new MemoryStream(Encoding.UTF8.GetBytes(Margins)), AudienceApp.Of(app.Researcher), CancellationToken.None));
        var study = (StudyResult.Saved)await app.DoAsync<EditStudies, StudyResult>(edit => edit.SaveAsync(null, name, settings, AudienceApp.Of(app.Researcher), CancellationToken.None));
        return await app.AddWaveAsync(name, files: false, study.Id, universe.Id);
    }

    [GeneratedRegex("(aults\\.Add\\([^\"]*?|Fault\\(_\\w+, |\\? |: )\"(?<code>[a-z]+(-[a-z]+)*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Codes();
}
