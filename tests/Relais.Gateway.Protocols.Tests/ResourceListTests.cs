using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using CsCheck;
using Relais.Gateway.Protocols.Feeds;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class ResourceListTests
{
    private static readonly XNamespace Feed = "http://schemas.microsoft.com/ts/2007/05/tswf";
    private static readonly DateTimeOffset Then = new(2026, 3, 4, 5, 6, 7, 891, TimeSpan.FromHours(1));

    public static readonly TheoryData<string?, string> Headers = new()
    {
        { null, "1.1" },
        { "", "1.1" },
        { "*/*", "1.1" },
        { "application/xml;radc_schema_version=2.0", "1.1" },
        { "application/x-msts-radc+xml", "1.1" },
        { "application/x-msts-radc+xml;radc_schema_version=1.1", "1.1" },
        { "application/x-msts-radc+xml;radc_schema_version=7.0", "1.1" },
        { "application/x-msts-radc+xml;radc_schema_version=2.0", "2.0" },
        { "Application/X-MSTS-RADC+XML; RADC_Schema_Version = \"2.0\"", "2.0" },
        { "application/x-msts-radc+xml;radc_schema_version=2.0,text/xml", "2.0" },
        { "text/html, application/x-msts-radc+xml; q=0.9; radc_schema_version=2.1", "2.1" },
        { "application/x-msts-radc+xml;radc_schema_version=2.0, application/x-msts-radc+xml;radc_schema_version=2.1", "2.1" },
        { "application/x-msts-radc+xml;;=;radc_schema_version", "1.1" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_client_gets_the_newest_version_that_it_names_and_else_the_oldest(string? accept, string version)
    {
        var got = FeedVersion.Negotiate(accept);
        Assert.Equal(version, got.Schema);
        Assert.Equal(version == "1.1" ? "text/xml; charset=utf-8" : "application/x-msts-radc+xml; charset=utf-8", got.MediaType);
    }

    [Fact]
    public void Arbitrary_headers_never_throw() => Gen.String[0, 60].Sample(header =>
        FeedVersion.Negotiate($"application/x-msts-radc+xml;{header}").Schema is "1.1" or "2.0" or "2.1");

    [Theory]
    [InlineData("Basic bm9tOm1vdDpkZTpwYXNzZQ==", "nom", "mot:de:passe")]
    [InlineData("bAsIc  SU5TVFxub206", "INST\\nom", "")]
    [InlineData("Basic Og==", "", "")]
    [InlineData("Basic w6k6w6k=", "é", "é")]
    [InlineData("Basic", null, null)]
    [InlineData("Basic bm9t", null, null)]
    [InlineData("Basic %%%", null, null)]
    [InlineData("Bearer bm9tOm1vdA==", null, null)]
    [InlineData(null, null, null)]
    public void A_name_and_a_password_are_read_as_RFC_7617_says(string? header, string? name, string? password)
    {
        Assert.Equal(name is not null, BasicCredentials.TryRead(header, out var read));
        Assert.Equal((name, password), (read?.Name, read?.Password));
    }

    [Fact]
    public void Arbitrary_credentials_never_throw_and_are_not_written_out() => Gen.String[0, 60].Sample(text =>
    {
        BasicCredentials.TryRead(text, out _);
        BasicCredentials.TryRead($"Basic {text}", out _);
        var header = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"nom:{text}"))}";
        return !BasicCredentials.TryRead(header, out var read) || read.ToString() == "nom";
    });

    [Fact]
    public void The_version_may_be_asked_for_in_the_address() => Assert.Equal("2.0", FeedVersion.Negotiate("*/*", "2.0").Schema);

    [Theory]
    [InlineData(null, "resource-list-1.xsd")]
    [InlineData("2.0", "resource-list-2.xsd")]
    [InlineData("2.1", "resource-list-2.xsd")]
    public void A_list_is_as_the_protocol_describes_it(string? version, string schema)
    {
        var asked = FeedVersion.Negotiate(null, version);
        Assert.Empty(Faults(List("Bureau standard", "Poste <du> \"montage\" & co").Write(asked), schema));
        Assert.Empty(Faults(List().Write(asked), schema));
    }

    [Fact]
    public void A_list_that_breaks_the_description_would_be_noticed()
    {
        var twice = List("a", "b") with { Resources = [Resource(0, "a"), Resource(0, "b")] };
        Assert.NotEmpty(Faults(twice.Write(FeedVersion.Oldest), "resource-list-1.xsd"));
        Assert.NotEmpty(Faults(List("a").Write(FeedVersion.Negotiate(null, "2.0")), "resource-list-1.xsd"));
    }

    [Fact]
    public void Whatever_a_name_holds_the_list_stays_readable() =>
        Gen.String[Gen.Char['\0', '\uffff'], 0, 20].Sample(name =>
        {
            var written = List(name, "Poste 2").Write(FeedVersion.Oldest);
            var titles = Read(written).Descendants(Feed + "Resource").Select(r => r.Attribute("Title")?.Value).ToList();
            Assert.Equal(2, titles.Count);
            Assert.Equal("Poste 2", titles[1]);
            Assert.Empty(Faults(written, "resource-list-1.xsd"));
        });

    [Fact]
    public void What_is_unchanged_is_written_in_the_same_bytes() => Assert.Equal(List("Bureau").Write(FeedVersion.Oldest), List("Bureau").Write(FeedVersion.Oldest));

    [Fact]
    public void Times_are_written_in_utc()
    {
        var resource = Read(List("Bureau").Write(FeedVersion.Oldest)).Descendants(Feed + "Resource").Single();
        Assert.Equal("2026-03-04T04:06:07.891Z", resource.Attribute("LastUpdated")?.Value);
    }

    private static ResourceList List(params string[] names) => new("Relais", "relais.example", Then, [.. names.Select((name, i) => Resource(i, name))]);

    private static FeedResource Resource(int number, string name) =>
        new($"workstation-{number}", name, Then, $"/rdweb/feed/files/workstation/{number}.rdp", "/i/w.ico", "/i/w-32.png", "/i/w-256.png");

    private static XDocument Read(byte[] document) => XDocument.Parse(Encoding.UTF8.GetString(document));

    private static List<string> Faults(byte[] document, string schema)
    {
        using var description = XmlReader.Create(typeof(ResourceListTests).Assembly.GetManifestResourceStream(schema)!);
        var schemas = new XmlSchemaSet();
        schemas.Add(null, description);
        var faults = new List<string>();
        Read(document).Validate(schemas, (_, e) => faults.Add(e.Message));
        return faults;
    }
}
