using System.Text;
using Relais.Desktops.Bundles;
using Relais.Desktops.Transfer;

namespace Relais.Desktops.Tests;

public sealed class PrintedDocuments
{
    [Fact]
    public void The_printer_s_folder_lists_whole_documents_the_newest_first()
    {
        var documents = PrintSpool.Parse(Encoding.UTF8.GetBytes(
            """{"type":"sync","metadata":["1700000000-3~Été.pdf",".part-4","1700000100-4~Compte rendu.pdf"]}"""));

        Assert.Equal(["Compte rendu.pdf", "Été.pdf"], documents.Select(d => d.Name));
        Assert.Equal("1700000000-3", documents[1].Id);
    }

    [Theory]
    [InlineData("1700000000-3~../../etc/passwd.pdf")]
    [InlineData("1700000000-3~.pdf")]
    [InlineData("1700000000-3~outil.exe")]
    [InlineData("99999999999999-3~loin.pdf")]
    [InlineData("nom.pdf")]
    public void What_the_printer_does_not_write_is_no_document(string file) =>
        Assert.Empty(PrintSpool.Parse(Encoding.UTF8.GetBytes($$"""{"metadata":["{{file}}"]}""")));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"metadata":null}""")]
    public void An_answer_that_is_no_folder_lists_nothing(string answer) => Assert.Empty(PrintSpool.Parse(Encoding.UTF8.GetBytes(answer)));

    [Fact]
    public void A_bundle_that_does_not_say_so_does_not_print()
    {
        var json = """{"name":"x","title":{"fr":"X","en":"X"},"extends":"y","limits":{"memory":"1GiB","cpu":1,"processes":100,"home":"1GiB"},"egress":{"tcpPorts":""}PRINT}""";
        Assert.False(BundleReader.Read("x", json.Replace("PRINT", "", StringComparison.Ordinal)).Bundle!.Prints);
        Assert.True(BundleReader.Read("x", json.Replace("PRINT", ""","print":"allowed" """, StringComparison.Ordinal)).Bundle!.Prints);
        var fault = Assert.Single(BundleReader.Read("x", json.Replace("PRINT", ""","print":"oui" """, StringComparison.Ordinal)).Faults);
        Assert.Equal("print", fault.Key);
    }
}
