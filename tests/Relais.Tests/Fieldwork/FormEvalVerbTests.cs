using Relais.Tests.Audience;

namespace Relais.Tests.Fieldwork;

/// <summary><c>relais form eval</c> and <c>relais form run</c> as programs of their own, over files, with no server.</summary>
public sealed class FormEvalVerbTests : IDisposable
{
    private readonly FilesFolder _folder = new();

    [Fact]
    public async Task Every_line_of_a_file_has_its_line_of_kind_and_value()
    {
        _folder.Write("lines.txt", "1 + 1\nconcat('a\\', 'b')\n1 < 2\n\n/cant//support\nfoo()\ndate('x')\nstring-length()\n-0\n1 div 0\n/data/a");
        var ended = await _folder.RelaisAsync("form eval --file lines.txt");
        Assert.Equal(0, ended.Code);
        Assert.Equal(
            "number\t2\nstring\ta\\\\b\nboolean\ttrue\nerror\tsyntax\nerror\tunsupported\nerror\tunhandled\nerror\ttype-mismatch\nerror\tno-context\nnumber\t-0\nnumber\tInfinity\nnodeset\t\n",
            ended.Output);
        Assert.Contains("line 6, place 1: There is no function foo().", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_look_into_the_record_given_and_the_clock_is_the_one_given()
    {
        _folder.Write("record.xml", "<data><child><age>3</age></child><child><age>4</age></child></data>");
        Assert.Equal("number\t7\n", (await _folder.RelaisAsync("form eval --instance record.xml --expr sum(/data/child/age)")).Output);
        Assert.Equal("nodeset\t3, 4\n", (await _folder.RelaisAsync("form eval --instance record.xml --expr /data/child/age")).Output);
        Assert.Equal("string\t2026-02-03\n", (await _folder.RelaisAsync("form eval --now 2026-02-03T23:30:00+01:00 --expr today()")).Output);
    }

    [Fact]
    public async Task A_wrong_call_ends_with_2_and_a_file_that_is_not_there_with_1()
    {
        Assert.Equal(2, (await _folder.RelaisAsync("form eval")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form eval --expr 1 --file a")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form eval --nothing 1")).Code);
        Assert.Equal(1, (await _folder.RelaisAsync("form eval --file nothing.txt")).Code);
        Assert.Equal(1, (await _folder.RelaisAsync("form run nothing.xlsx --answers a.json")).Code);
        Assert.Equal(2, (await _folder.RelaisAsync("form run a.xlsx")).Code);
    }

    [Fact]
    public async Task A_questionnaire_is_walked_with_given_answers_twice_to_the_same_bytes()
    {
        Form();
        _folder.Write("answers.json", """{ "name": "Ana", "/data/n": 2, "age": [7, 9] }""");
        var once = await _folder.RelaisAsync("form run form.xml --answers answers.json --seed 5");
        Assert.Equal(0, once.Code);
        var lines = once.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"asked":"/data/name","label":"Nom ?","answer":"Ana"}""", lines[0]);
        Assert.Equal("""{"asked":"/data/child[2]/age","label":"Âge, Ana ?","answer":"9"}""", lines[3]);
        Assert.StartsWith("""{"record":{"form":"x",""", lines[^1], StringComparison.Ordinal);
        Assert.Contains("\"/data/child[1]/age\":\"7\"", lines[^1], StringComparison.Ordinal);
        Assert.Contains("\"/data/sum\":\"16\"", lines[^1], StringComparison.Ordinal);
        Assert.Equal(once.Output, (await _folder.RelaisAsync("form run form.xml --answers answers.json --seed 5")).Output);
    }

    [Fact]
    public async Task An_answer_that_is_missing_or_refused_ends_with_3_and_names_the_question()
    {
        Form();
        _folder.Write("missing.json", """{ "n": 1 }""");
        var missing = await _folder.RelaisAsync("form run form.xml --answers missing.json");
        Assert.Equal(3, missing.Code);
        Assert.Contains("/data/name", missing.Error, StringComparison.Ordinal);
        _folder.Write("refused.json", """{ "name": "Ana", "n": 1, "age": [200], "other": 1 }""");
        var refused = await _folder.RelaisAsync("form run form.xml --answers refused.json");
        Assert.Equal(3, refused.Code);
        Assert.Contains("/data/child[1]/age", refused.Error, StringComparison.Ordinal);
        Assert.Contains("\"200\" is refused", refused.Error, StringComparison.Ordinal);
        Assert.Contains("nothing asked for \"other\"", refused.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Form() => _folder.Write("form.xml", """
        <h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
          <h:head><h:title>X</h:title><model>
            <instance><data id="x"><name/><n/><child jr:template=""><age/></child><sum/></data></instance>
            <bind nodeset="/data/name" type="string" required="true()"/>
            <bind nodeset="/data/n" type="int"/>
            <bind nodeset="/data/child/age" type="int" constraint=". &lt; 120"/>
            <bind nodeset="/data/sum" type="int" calculate="sum(/data/child/age)"/>
          </model></h:head>
          <h:body>
            <input ref="/data/name"><label>Nom ?</label></input>
            <input ref="/data/n"><label>Combien ?</label></input>
            <repeat nodeset="/data/child" jr:count="/data/n"><input ref="/data/child/age"><label>Âge, <output value="/data/name"/> ?</label></input></repeat>
          </h:body>
        </h:html>
        """);
}
