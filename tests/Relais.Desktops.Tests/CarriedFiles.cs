using System.IO.Compression;
using System.Text;
using Relais.Desktops.Transfer;

namespace Relais.Desktops.Tests;

/// <summary>Which files may be carried: their names and what is in them.</summary>
public sealed class CarriedFiles
{
    [Theory]
    [InlineData("rapport.pdf")]
    [InlineData("Été 2026 – résultats (v2).xlsx")]
    [InlineData("données.2026.csv")]
    [InlineData("報告.docx")]
    public void An_ordinary_name_is_taken_as_it_is(string name)
    {
        Assert.Equal(NameFault.None, FileName.Check(name, out var plain));
        Assert.Equal(name, plain);
    }

    [Fact]
    public void Accents_that_come_apart_from_their_letters_are_put_together()
    {
        Assert.Equal(NameFault.None, FileName.Check("e\u0301te\u0301.txt", out var plain));
        Assert.Equal("été.txt", plain);
    }

    [Theory]
    [InlineData(null, "Empty")]
    [InlineData("  ", "Empty")]
    [InlineData("..", "Forbidden")]
    [InlineData(".bashrc", "Forbidden")]
    [InlineData("-rf.txt", "Forbidden")]
    [InlineData("../../etc/passwd", "Forbidden")]
    [InlineData("..\\..\\a.txt", "Forbidden")]
    [InlineData("a/b.txt", "Forbidden")]
    [InlineData("a\uFF0Fb.txt", "Forbidden")]
    [InlineData("a\u2215b.txt", "Forbidden")]
    [InlineData("a\u2044b.txt", "Forbidden")]
    [InlineData("\u2024\u2024.txt", "Forbidden")]
    [InlineData("C:a.txt", "Forbidden")]
    [InlineData("a.txt ", "Forbidden")]
    [InlineData("a.txt.", "Forbidden")]
    [InlineData("a\0.txt", "Unseen")]
    [InlineData("a\n.txt", "Unseen")]
    [InlineData("rapport\u202Efdp.txt", "Unseen")]
    [InlineData("a\u200B.txt", "Unseen")]
    [InlineData("\uFFFD.txt", "Unreadable")]
    [InlineData("NUL.txt", "Reserved")]
    [InlineData("con", "Reserved")]
    [InlineData("Com1.tar.txt", "Reserved")]
    public void A_name_that_leads_away_or_reads_as_another_one_is_refused(string? name, string fault)
    {
        Assert.Equal(fault, FileName.Check(name, out var plain).ToString());
        Assert.Equal("", plain);
    }

    [Fact]
    public void A_lone_half_of_a_character_and_a_name_that_is_too_long_are_refused()
    {
        Assert.Equal(NameFault.Unreadable, FileName.Check("a" + (char)0xD800 + ".txt", out _));
        Assert.Equal(NameFault.TooLong, FileName.Check(new string('é', 100) + ".txt", out _));
        Assert.Equal(NameFault.None, FileName.Check(new string('é', 98) + ".txt", out _));
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "pdf", true)]
    [InlineData("%PDF-1.7\n", "txt", false)]
    [InlineData("nom;âge\nClaire;41\n", "csv", true)]
    [InlineData("nom;âge\nClaire;41\n", "pdf", false)]
    [InlineData("MZ\u0090", "txt", false)]
    [InlineData("\u007FELF\u0002", "csv", false)]
    [InlineData("#!/bin/sh\n", "txt", false)]
    [InlineData("a\0b", "txt", false)]
    [InlineData("GIF89a", "gif", true)]
    [InlineData("GIF89a", "png", false)]
    [InlineData("$FL2@(#) SPSS DATA FILE", "sav", true)]
    [InlineData("anything", "exe", false)]
    public async Task A_file_passes_only_when_its_content_is_what_its_name_says(string content, string extension, bool agrees)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(content));
        var kind = await FileTypes.SniffAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(agrees, FileTypes.Agree(extension, kind));
    }

    [Theory]
    [InlineData("docx", "WordXml", "[Content_Types].xml", "word/document.xml")]
    [InlineData("xlsx", "SheetXml", "[Content_Types].xml", "xl/workbook.xml")]
    [InlineData("odt", "OpenText", "mimetype=application/vnd.oasis.opendocument.text", "content.xml")]
    [InlineData("zip", "Zip", "tout.exe")]
    [InlineData("docx", "Macros", "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")]
    [InlineData("odt", "Macros", "mimetype=application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml")]
    public async Task Office_documents_are_told_apart_by_what_is_in_them(string extension, string kind, params string[] entries)
    {
        using var file = new MemoryStream();
        await using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                await using var stream = zip.CreateEntry(entry.Split('=')[0]).Open();
                stream.Write(Encoding.ASCII.GetBytes(entry.Split('=')[^1]));
            }
        }

        var found = await FileTypes.SniffAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(kind, found.ToString());
        Assert.Equal(kind != "Macros", FileTypes.Agree(extension, found));
    }

    [Fact]
    public void A_list_of_files_is_read_with_any_name_in_it_and_a_last_one_that_is_cut_off_is_left_out()
    {
        var files = HomeFiles.Parse(Encoding.UTF8.GetBytes("12\t1764200000.25\ta\tb\nc.txt\0" + "7\t1764200001\té.txt\0" + "9\t17642"));
        Assert.Equal([("é.txt", 7L), ("a\tb\nc.txt", 12L)], files.Select(f => (f.Name, f.Size)));
    }
}
