using System.Text;
using CsCheck;
using Relais.Audience.Files;

namespace Relais.Tests.Audience;

public sealed class CsvTableTests : IDisposable
{
    private readonly FilesFolder _files = new();

    private static readonly Gen<string> Values = Gen.String[Gen.Char["abcdé€ \",;\t\n01"], 0, 8];

    private static readonly byte[] Likely = Encoding.UTF8.GetBytes("a,;\"\n\r 1é\0\t|NA");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void What_is_written_is_read_again_but_for_spaces_at_its_ends() =>
        Values.Array[3].Array[1, 20].Sample(rows =>
        {
            using (var file = WholeFile.Create(_files["t.csv"]))
            {
                file.Write("a,b,c\n"u8);
                foreach (var row in rows)
                {
                    file.Write(string.Join(',', row.Select(v => $"\"{v.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))).Write("\n"u8);
                }

                file.Keep();
            }

            using var table = CsvTable.Open(_files["t.csv"]);
            var (read, line) = (new List<string[]>(), 2L);
            foreach (var row in table)
            {
                Assert.Equal(line, row.Line);
                line += 1 + rows[read.Count].Sum(v => v.Count(c => c == '\n'));
                read.Add([row.Text(0).ToString(), row.Text(1).ToString(), row.Text(2).ToString()]);
            }

            Assert.Equal(rows.Select(r => r.Select(v => v.Trim(' '))), read);
        }, iter: 300, seed: "0N0XIzNsQ0O2", threads: 1);

    [Fact]
    public void Any_bytes_are_read_or_refused_in_words() =>
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Int[0, Likely.Length - 1].Select(i => Likely[i]).Array[0, 300]).Sample(bytes =>
        {
            File.WriteAllBytes(_files["b.csv"], bytes);
            try
            {
                using var table = CsvTable.Open(_files["b.csv"]);
                foreach (var row in table)
                {
                    for (var column = 0; column < table.Columns.Count; column++)
                        Assert.True(row.Missing(column) || row.Text(column).Length > 0);
                    row.NumberOrNaN(0);
                }
            }
            catch (BadFileException e)
            {
                Assert.StartsWith(_files["b.csv"], e.Message, StringComparison.Ordinal);
            }
        }, iter: 2000, seed: "0N0XIzNsQ0O2", threads: 1);

    [Fact]
    public void A_file_that_is_not_kept_leaves_nothing()
    {
        using (var file = WholeFile.Create(_files["half.csv"]))
            file.Write("some"u8);
        Assert.Empty(_files.Names);
    }

    [Fact]
    public void Numbers_are_written_with_17_digits()
    {
        using (var file = WholeFile.Create(_files["n.csv"]))
            file.Write(0.1).Write(","u8).Write(53.928571428571423).Write(","u8).Write(42L).Keep();
        Assert.Equal("0.10000000000000001,53.928571428571423,42", _files.Read("n.csv"));
    }

    [Fact]
    public void Ids_are_found_where_they_were_added_and_only_once()
    {
        var ids = new Identifiers();
        for (var i = 0; i < 10_000; i++)
            Assert.Equal(i, ids.Add($"é{i}"));
        Assert.Equal(~1234, ids.Add("é1234"));
        Assert.Equal((9999, -1, 10_000), (ids.Find("é9999"), ids.Find("é10000"), ids.Count));
        Assert.Equal("é77", Encoding.UTF8.GetString(ids[77]));
    }

    [Fact]
    public void Progress_is_told_once_a_second_and_not_before()
    {
        var (said, clock) = (new StringWriter(), new ManualClock());
        var progress = new Progress(said, clock, "reading s.csv");
        progress.At(1, 100, 1);
        progress.Done();
        Assert.Empty(said.ToString());

        clock.Advance(TimeSpan.FromSeconds(1.1));
        progress.At(50, 100, 5000);
        progress.At(51, 100, 5100);
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Done();
        Assert.Equal("reading s.csv: 50 %, 5,000 rows\nreading s.csv: done in 2.1 s\n", said.ToString().ReplaceLineEndings("\n"));
    }
}
