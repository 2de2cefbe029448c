using System.IO.Compression;
using System.Text;

namespace Relais.Tests.Audience;

/// <summary>Files and calls that cannot be used: each ends in words that name the place and what to do, and leaves no file.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Sample = "id,w,sex,age\n1,10,F,young\n2,10,F,old\n3,20,M,young\n4,20,M,old\n";
    private const string Margins = "variable,level,total\nsex,F,30\nsex,M,30\nage,young,40\nage,old,20\n";
    private const string Weigh = "weigh --sample s.csv --id id --weight w --margins m.csv --method rake --out w.csv";
    private readonly FilesFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("2,10,F,old", "2,10,,old", "s.csv, line 3, column sex: the value is missing.")]
    [InlineData("2,10,F,old", "2,10,NA,old", "s.csv, line 3, column sex: the value is missing.")]
    [InlineData("2,10,F,old", "2,-10,F,old", "s.csv, line 3, column w: the design weight is negative.")]
    [InlineData("2,10,F,old", "2,0,F,old", "s.csv, line 3, column w: the design weight is zero.")]
    [InlineData("2,10,F,old", "2,ten,F,old", "s.csv, line 3, column w: \"ten\" is not a number.")]
    [InlineData("2,10,F,old", "2,\"10,5\",F,old", "s.csv, line 3, column w: \"10,5\" is not a number. If the comma is a decimal comma, add --decimal comma")]
    [InlineData("2,10,F,old", "2,10,5,F,old", "s.csv, line 3: the row has 5 values and the header 4. A value that holds a comma needs quotation marks round it; a decimal comma")]
    [InlineData("4,20,M,old", "2,20,M,old", "s.csv, line 5, column id: the id 2 is there already, on line 3.")]
    [InlineData("id,w,sex,age", "id,w,gender,age", "m.csv, line 2, column variable: sex is not a column of s.csv. That file has: id, w, gender, age.")]
    [InlineData("id,w,sex,age", "id,weight,sex,age", "s.csv, line 1, column w: there is no such column. The file has: id, weight, sex, age.")]
    [InlineData("id,w,sex,age", "id,w,w,age", "s.csv, line 1, column w: the name stands twice in the header.")]
    [InlineData("4,20,M,old\n", "4,20,M,old\n\n", "s.csv, line 6: the line is empty.")]
    [InlineData(Sample, "", "s.csv, line 1: there is no header.")]
    [InlineData(Sample, "id,w,sex,age\n", "s.csv: there is no respondent in it.")]
    public async Task A_sample_that_cannot_be_used_is_refused_with_its_place(string what, string instead, string words)
    {
        await RefusedAsync(1, words, Sample.Replace(what, instead, StringComparison.Ordinal), Margins);
    }

    [Theory]
    [InlineData("sex,M,30", "sex,M,", "m.csv, line 3, column total: the value is missing.")]
    [InlineData("sex,M,30", "sex,F,30", "m.csv, line 3, column level: the level F of sex stands twice.")]
    [InlineData("sex,M,30", "sex,,30", "m.csv, line 3, column level: sex stands with a level on one line and without on another.")]
    [InlineData("sex,M,30", "sex*age,M,30", "m.csv, line 3, column level: \"M\" does not name one level for each of sex and age.")]
    [InlineData("variable,level,total", "variable,total,level", "m.csv, line 2, column total: \"F\" is not a number.")]
    [InlineData("variable,level,total", "variable,level,population", "m.csv, line 1, column total: there is no such column.")]
    public async Task Margins_that_cannot_be_read_are_refused_with_their_place(string what, string instead, string words) =>
        await RefusedAsync(1, words, Sample, Margins.Replace(what, instead, StringComparison.Ordinal));

    [Theory]
    [InlineData("sex,M,30", "sex,M,20\nsex,X,10", "sex=X: the total is 10, and no respondent is in this cell.")]
    [InlineData("age,old,20\n", "", "age=old: there are 2 respondents of the sample (2 is the first), and the margins have no such level.")]
    [InlineData("age,old,20", "age,old,25", "The totals of age sum to 65 and those of sex to 60: they disagree by 5.")]
    [InlineData("age,old,20", "age,old,0", "age=old: the total is 0, and there are 2 respondents of the sample in this cell.")]
    [InlineData("age,old,20", "age,old,-20", "age=old: the total -20 is not a number of people.")]
    public async Task Margins_that_cannot_be_met_end_with_code_3_and_the_cell(string what, string instead, string words) =>
        await RefusedAsync(3, words, Sample, Margins.Replace(what, instead, StringComparison.Ordinal));

    [Theory]
    [InlineData("--method ipf", "there is no method ipf; known are: poststratify, rake, raking, linear, logit, truncated")]
    [InlineData("--method rake --bounds 0.5,2", "bounds belong to the methods logit and truncated")]
    [InlineData("--method logit", "need bounds")]
    [InlineData("--method logit --bounds 0.5,two", "--bounds 0.5,two is not two numbers L,U")]
    [InlineData("--method logit --bounds nan,2", "--bounds nan,2 is not two numbers L,U")]
    [InlineData("--method rake --lonely maybe", "--lonely maybe is none of refuse, certainty, adjust, average")]
    [InlineData("--method rake --report w.csv", "--out and --report name the same file, w.csv")]
    [InlineData("--method logit --bounds 2", "--bounds 2 is not two numbers L,U")]
    [InlineData("--method logit --bounds 1.5,2", "the lower bound must lie below 1 and the upper above 1")]
    [InlineData("--method poststratify", "post-stratification takes one margin: cross the variables")]
    [InlineData("--method rake --tolerance tight", "--tolerance tight is not a number")]
    [InlineData("--method rake --tolerance 0", "the tolerance must lie between 0 and 1")]
    [InlineData("--method rake --speed 3", "there is no option --speed; known are: --sample")]
    [InlineData("--method rake --method linear", "--method is given twice")]
    [InlineData("--method", "--method needs a value")]
    [InlineData("", "--method is missing")]
    public async Task A_call_that_is_wrong_ends_with_code_2_and_words(string options, string words)
    {
        _files.Write("s.csv", Sample).Write("m.csv", Margins);
        var ended = await _files.RelaisAsync($"weigh --sample s.csv --id id --weight w --margins m.csv --out w.csv {options}".TrimEnd());
        Assert.Equal(2, ended.Code);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.False(_files.Has("w.csv"));
    }

    [Fact]
    public async Task A_numeric_total_that_contradicts_is_named_with_what_it_follows_from()
    {
        // x is 2 for men and 1 for women, so that its total is 90.
        _files.Write("s.csv", "id,w,sex,x,z\n1,10,F,1,0\n2,10,F,1,0\n3,20,M,2,0\n").Write("m.csv", "variable,level,total\nsex,F,30\nsex,M,30\nx,,95\nz,,1\n");
        var ended = await _files.RelaisAsync(Weigh.Replace("rake", "linear", StringComparison.Ordinal));
        Assert.Equal(3, ended.Code);
        Assert.Contains("x: the total is 95, but in this sample it follows from sex=F, sex=M to be 90: they contradict by 5.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("z: every respondent has the value 0, and the total is 1.", ended.Error, StringComparison.Ordinal);

        Assert.Contains("rake and poststratify take categorical margins only: use the method raking", (await _files.RelaisAsync(Weigh)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_encoding_is_told_with_the_byte_and_how_to_convert()
    {
        _files.Write("m.csv", Margins).Write("s.csv", Sample.Replace("young", "jeune été", StringComparison.Ordinal), Encoding.Latin1);
        var ended = await _files.RelaisAsync(Weigh);
        Assert.Equal(1, ended.Code);
        Assert.Contains("s.csv, line 2, column age: byte 14 of the line, 0xE9, is not UTF-8. Save the file as UTF-8; a file in Windows-1252 or ISO 8859-1 is converted by: iconv", ended.Error, StringComparison.Ordinal);

        _files.Write("s.csv", Sample, new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        Assert.Contains("s.csv, line 1", (await _files.RelaisAsync(Weigh)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decimal_comma_is_read_when_it_is_said()
    {
        _files.Write("s.csv", Sample.Replace(',', ';').Replace("10", "10,5", StringComparison.Ordinal)).Write("m.csv", Margins.Replace(',', ';').Replace(";30", ";30,0", StringComparison.Ordinal));
        Assert.Contains("m.csv, line 2, column total: \"30,0\" is not a number. If the comma is a decimal comma, add --decimal comma", (await _files.RelaisAsync(Weigh)).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _files.RelaisAsync(Weigh + " --decimal comma")).Code);
    }

    [Theory]
    [InlineData("weigh --sample s.csv --id id --weight w --margins m.csv --method rake --out s.csv", "--out and --sample name the same file, s.csv, which would be lost")]
    [InlineData("weigh --sample s.csv --id id --weight w --margins m.csv --method rake --out w.csv --report ./m.csv", "--report and --margins name the same file")]
    [InlineData("indicators --respondents s.csv --listening m.csv --bands 0500-2400 --out s.csv", "--out and --respondents name the same file, s.csv")]
    public async Task An_output_that_is_an_input_is_refused(string call, string words)
    {
        _files.Write("s.csv", Sample).Write("m.csv", Margins);
        var ended = await _files.RelaisAsync(call);
        Assert.Equal(2, ended.Code);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.Equal((Sample, Margins), (_files.Read("s.csv"), _files.Read("m.csv")));
    }

    [Theory]
    [InlineData("2,10,F,old", "2,10,F,\"old", "s.csv, line 3: a quotation mark in the row that begins here is not closed")]
    [InlineData("2,10,F,old", "2,10,F,o\"ld", "s.csv, line 3: a quotation mark")]
    [InlineData("4,20,M,old\n", "4,20,M,\"old", "s.csv, line 5: a quotation mark")]
    public async Task A_quotation_mark_that_stays_open_to_the_end_is_told_by_the_line_of_its_row(string what, string instead, string words) =>
        await RefusedAsync(1, words, Sample.Replace(what, instead, StringComparison.Ordinal), Margins);

    [Fact]
    public async Task A_compressed_file_that_is_cut_off_or_none_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Sample));
        _files.Write("m.csv", Margins);
        var call = Weigh.Replace("s.csv", "s.csv.gz", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_files["s.csv.gz"], packed.ToArray());
        Assert.Equal(0, (await _files.RelaisAsync(call)).Code);
        File.Delete(_files["w.csv"]);
        foreach (var bytes in new[] { packed.ToArray()[..^9], packed.ToArray()[..^12], packed.ToArray()[..30], Encoding.UTF8.GetBytes(Sample), [] })
        {
            await File.WriteAllBytesAsync(_files["s.csv.gz"], bytes);
            var ended = await _files.RelaisAsync(call);
            Assert.Equal(1, ended.Code);
            Assert.Contains(bytes.Length == 0 ? "s.csv.gz, line 1: there is no header" : "s.csv.gz: this is not a whole .gz file.", ended.Error, StringComparison.Ordinal);
            Assert.False(_files.Has("w.csv"));
        }
    }

    [Fact]
    public async Task A_lower_bound_alone_that_is_too_high_is_told_as_such()
    {
        _files.Write("s.csv", Sample).Write("m.csv", Margins);
        var ended = await _files.RelaisAsync(Weigh.Replace("rake", "truncated --bounds 0.9,Inf", StringComparison.Ordinal));
        Assert.Equal(3, ended.Code);
        Assert.Contains("with ratios of at least 0.9", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("egative weights", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_quotation_mark_is_told()
    {
        var rows = string.Concat(Enumerable.Range(0, 600_000).Select(i => $"{i},10,F,old,some words to fill the row\n"));
        _files.Write("m.csv", Margins).Write("s.csv", "id,w,sex,age,note\n" + "a,10,\"F,old,x\n" + rows);
        var ended = await _files.RelaisAsync(Weigh);
        Assert.Equal(1, ended.Code);
        Assert.Contains("s.csv, line 2: a quotation mark in the row that begins here is not closed", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_folders_that_are_not_there_are_told()
    {
        _files.Write("m.csv", Margins);
        Assert.Contains("s.csv: there is no such file.", (await _files.RelaisAsync(Weigh)).Error, StringComparison.Ordinal);
        _files.Write("s.csv", Sample);
        var ended = await _files.RelaisAsync(Weigh.Replace("w.csv", "none/w.csv", StringComparison.Ordinal));
        Assert.Equal(1, ended.Code);
        Assert.Contains("none/w.csv: it cannot be written", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_leaves_weights_from_before_alone_and_says_so()
    {
        _files.Write("s.csv", Sample).Write("m.csv", Margins.Replace("age,old,20", "age,old,25", StringComparison.Ordinal)).Write("w.csv", "from before");
        var ended = await _files.RelaisAsync(Weigh);
        Assert.Equal(3, ended.Code);
        Assert.Contains("w.csv is not written (what is there is from before)", ended.Error, StringComparison.Ordinal);
        Assert.Equal("from before", _files.Read("w.csv"));
    }

    [Fact]
    public async Task A_large_file_takes_memory_for_what_is_used_of_it_only()
    {
        // 300 MB of remarks that nobody asks for, read with a heap of at most 48 MB.
        var remark = new string('x', 3000);
        await using (var sample = new StreamWriter(_files["s.csv"]))
        {
            await sample.WriteAsync("id,w,sex,age,remark\n");
            for (var i = 0; i < 100_000; i++)
                await sample.WriteAsync($"{i},{1 + i % 7},{(i % 2 == 0 ? "F" : "M")},{(i % 3 == 0 ? "young" : "old")},{remark}\n");
        }

        _files.Write("m.csv", Margins);
        var ended = await _files.RelaisAsync(Weigh, ("DOTNET_GCHeapHardLimit", "0x3000000"));
        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(100_001, File.ReadLines(_files["w.csv"]).Count());
    }

    [Theory]
    [InlineData("--mean age", "s.csv, line 2, column age: \"young\" is not a number. For the share of a level write age=young.")]
    [InlineData("--mean age=middle", "s.csv, column age: nobody has the level middle.")]
    [InlineData("--mean income", "s.csv, line 1, column income: there is no such column.")]
    [InlineData("--mean w --strata age --cluster age", "s.csv, column age: stratum young has one cluster only")]
    [InlineData("--mean w --fpc w", "a stratum")]
    public async Task Estimates_that_cannot_be_made_are_refused_with_their_place(string options, string words)
    {
        _files.Write("s.csv", Sample).Write("w.csv", "id,weight\n1,1\n2,1\n3,1\n4,1\n");
        var ended = await _files.RelaisAsync($"estimate --sample s.csv --id id --weights w.csv {options}");
        Assert.Equal(1, ended.Code);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData("1,1\n2,1\n3,1\n", "s.csv, line 5, column id: the respondent 4 has no weight in w.csv.")]
    [InlineData("1,1\n2,1\n3,1\n4,1\n5,1\n", "w.csv, column id: 1 of its ids are not in s.csv, such as 5.")]
    [InlineData("1,1\n1,1\n", "w.csv, line 3, column id: the id 1 is there already, on line 2.")]
    public async Task Weights_of_another_sample_are_refused(string weights, string words)
    {
        _files.Write("s.csv", Sample).Write("w.csv", "id,weight\n" + weights);
        var ended = await _files.RelaisAsync("estimate --sample s.csv --id id --weights w.csv --mean w");
        Assert.Equal(1, ended.Code);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(int code, string words, string sample, string margins)
    {
        _files.Write("s.csv", sample).Write("m.csv", margins);
        var ended = await _files.RelaisAsync(Weigh);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.Equal(code, ended.Code);
        Assert.Equal(["m.csv", "s.csv"], _files.Names.Order(StringComparer.Ordinal));
    }
}
