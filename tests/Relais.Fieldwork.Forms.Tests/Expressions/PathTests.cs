using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Tests.Expressions;

public sealed class PathTests
{
    private readonly FormNode _data = new("data");
    private readonly EvaluationContext _context;

    public PathTests()
    {
        _data.Add(new FormNode("town", "Lyon"));
        foreach (var (name, age) in new[] { ("Ana", "34"), ("Bia", "7"), ("Caio", "") })
        {
            var child = _data.Add(new FormNode("child") { IsRepeat = true });
            child.Add(new FormNode("name", name));
            child.Add(new FormNode("age", age));
        }

        var list = new FormNode("");
        var root = list.Add(new FormNode("root"));
        foreach (var (town, region) in new[] { ("Lyon", "ARA"), ("Nice", "PACA") })
        {
            var item = root.Add(new FormNode("item"));
            item.Add(new FormNode("name", town));
            item.Add(new FormNode("region", region));
        }

        _context = new EvaluationContext { Main = _data, Instance = id => id == "towns" ? list : null };
    }

    [Theory]
    [InlineData("/data/town", "Lyon")]
    [InlineData("/data/child/name", "Ana")]
    [InlineData("/data/child[2]/name", "Bia")]
    [InlineData("/data/child[position() = last()]/name", "Caio")]
    [InlineData("/data/child[age < 10]/name", "Bia")]
    [InlineData("count(/data/child)", "3")]
    [InlineData("count(/data/*)", "4")]
    [InlineData("count-non-empty(/data/child/age)", "2")]
    [InlineData("sum(/data/child/age)", "41")]
    [InlineData("max(/data/child/age)", "34")]
    [InlineData("join('+', /data/child/name)", "Ana+Bia+Caio")]
    [InlineData("/data/child/name = 'Bia'", "true")]
    [InlineData("instance('towns')/root/item[name = /data/town]/region", "ARA")]
    [InlineData("pulldata('towns', 'region', 'name', 'Nice')", "PACA")]
    [InlineData("indexed-repeat(/data/child/name, /data/child, 3)", "Caio")]
    [InlineData("indexed-repeat(/data/child/name, /data/child, '')", "Ana")]
    [InlineData("indexed-repeat(/data/child/name, /data/child, 9)", "")]
    [InlineData("/data/nothing", "")]
    [InlineData("/other/town", "")]
    [InlineData("boolean(/data/child[3]/age)", "false")]
    public void A_path_finds_what_it_names(string text, string expected) => Assert.Equal(expected, Text(text, null));

    [Theory]
    [InlineData(".", "7")]
    [InlineData("../name", "Bia")]
    [InlineData("/data/child/name", "Bia")]
    [InlineData("count(/data/child)", "3")]
    [InlineData("position(..)", "2")]
    [InlineData("../../town", "Lyon")]
    [InlineData("instance('towns')/root/item[name = current()/../../town]/region", "ARA")]
    [InlineData("/data/child[1]/name", "Ana")]
    [InlineData("indexed-repeat(/data/child/name, /data/child, position(..) - 1)", "Ana")]
    [InlineData("../../child[position() = position(current()/..) - 1]/name", "Ana")]
    [InlineData("once('new')", "7")]
    [InlineData("normalize-space()", "7")]
    public void Within_a_repeat_paths_stay_in_the_same_time_round(string text, string expected) =>
        Assert.Equal(expected, Text(text, _data.Named("child")[1].Child("age")));

    [Fact]
    public void What_is_hidden_reads_as_empty_and_is_not_counted()
    {
        _data.Child("town")!.IsHidden = true;
        _data.Named("child")[0].IsHidden = true;
        Assert.Equal("", Text("/data/town", null));
        Assert.Equal("2", Text("count(/data/child)", null));
    }

    [Theory]
    [InlineData("../a + /data/b[c > ../d]/e", "/data/a /data/b/c /data/b/e /data/d")]
    [InlineData("instance('x')/root/item[k = current()/../f]/v", "/data/f")]
    [InlineData("position(..)", "/data/g")]
    [InlineData("sum(/data/r/*)", "/data/r/*")]
    [InlineData(". > 5", "")]
    public void An_expression_says_which_paths_it_reads(string text, string expected)
    {
        var context = text is "position(..)" ? "/data/g/q" : "/data/q";
        Assert.Equal(expected, string.Join(' ', Expression.Compile(text, out _)!.References(context).Paths));
    }

    [Fact]
    public void An_expression_says_which_lists_and_choices_it_reads()
    {
        var references = Expression.Compile("concat(pulldata('t', 'a', 'b', 'c'), instance('u')/root, jr:choice-name(../s, ' ../s '), now())", out _)!.References("/data/q");
        Assert.Equal(["t", "u"], references.Instances);
        Assert.Equal(["/data/s"], references.ChoiceNames);
        Assert.True(references.IsVolatile);
        Assert.True(references.ReadsTexts);
    }

    private string Text(string text, FormNode? node)
    {
        Assert.True(Expression.TryCompile(text, out var expression, out var error), error?.Message);
        var value = expression.Evaluate(_context, node);
        Assert.Null(value.Error);
        return value.ToText();
    }
}
