using Relais.Tests.Audience;
using Relais.Tests.Structure;

namespace Relais.Tests.Fieldwork;

/// <summary><c>relais form check</c> as a program of its own, over files, with no server.</summary>
public sealed class FormCheckVerbTests : IDisposable
{
    private readonly FilesFolder _folder = new();

    private static string Sample => Path.Combine(Sources.Root, "samples", "radio", "radio.xlsx");

    private static string Reference(string name) => Path.Combine(Sources.Root, "tests", "Relais.Fieldwork.Forms.Tests", "Reference", name);

    [Fact]
    public async Task The_sample_questionnaire_is_counted_and_has_no_error()
    {
        var ended = await _folder.RelaisAsync($"form check {Sample} --json radio.json");
        Assert.Equal(0, ended.Code);
        Assert.Contains("questions posées / questions asked: 25", ended.Output, StringComparison.Ordinal);
        Assert.Contains("langues / languages: Français (fr) (par défaut / default), English (en)", ended.Output, StringComparison.Ordinal);
        Assert.Contains("variables de quota / quota variables: sex, age_group, region", ended.Output, StringComparison.Ordinal);
        Assert.Contains("erreurs / errors: 0, avertissements / warnings: 0", ended.Output, StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"radio\"", _folder.Read("radio.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_ends_with_1_and_names_its_cell_in_both_languages()
    {
        var broken = _folder.Write("broken.xml", "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance><data id='x'><a/></data></instance>\n<bind nodeset='/data/a' relevant='1 +'/></model></h:head><h:body><input ref='/data/a'><label>A</label></input></h:body></h:html>");
        var ended = await broken.RelaisAsync("form check broken.xml");
        Assert.Equal(1, ended.Code);
        Assert.Contains("2:25\terreur / error\tbad-expression", ended.Output, StringComparison.Ordinal);
        Assert.Contains("L'expression « 1 + » est incorrecte", ended.Output, StringComparison.Ordinal);
        Assert.Contains("The expression \"1 +\" is wrong", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_workbook_is_read_too() => Assert.Equal(0, (await _folder.RelaisAsync($"form check {Reference("pyxform/widgets.xls")}")).Code);

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_1_and_a_wrong_call_with_2()
    {
        Assert.Equal(1, (await _folder.RelaisAsync("form check nothing.xlsx")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form check")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form check a.xlsx b.xlsx")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form check a.xlsx --xml b")).Code);
    }

    [Fact]
    public async Task A_table_beside_the_questionnaire_is_found()
    {
        const string Form = "<html><head><model><instance><data id='x'><a/></data></instance><instance id='towns' src='jr://file-csv/towns.csv'/><bind nodeset='/data/a' type='string'/></model></head><body><select1 ref='/data/a'><label>A</label><itemset nodeset=\"instance('towns')/root/item\"><value ref='name'/><label ref='label'/></itemset></select1></body></html>";
        _folder.Write("form.xml", Form);
        Assert.Contains("file-missing", (await _folder.RelaisAsync("form check form.xml")).Output, StringComparison.Ordinal);
        _folder.Write("towns.csv", "name,label\na,Abbeville\n");
        Assert.Equal(0, (await _folder.RelaisAsync("form check form.xml")).Code);
    }

    [Fact]
    public async Task A_file_outside_the_folder_is_not_opened()
    {
        var name = $"{Guid.NewGuid():N}.csv";
        var outside = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(_folder["x"]))!, name);
        await File.WriteAllTextAsync(outside, "name,label\na,A\n", TestContext.Current.CancellationToken);
        try
        {
            _folder.Write("form.xml", $"<html><head><model><instance><data id='x'><a/></data></instance><bind nodeset='/data/a' calculate=\"pulldata('../{name[..^4]}', 'label', 'name', 'a')\"/></model></head><body/></html>");
            Assert.Contains("file-missing", (await _folder.RelaisAsync("form check form.xml")).Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    public void Dispose() => _folder.Dispose();
}
