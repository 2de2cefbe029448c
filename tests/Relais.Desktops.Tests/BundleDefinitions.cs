using Relais.Desktops.Bundles;

namespace Relais.Desktops.Tests;

/// <summary>What a definition may say, and how it is told what is wrong.</summary>
public sealed class BundleDefinitions
{
    private const string Right = """
        {
          "name": "essai", "title": { "fr": "Essai", "en": "Trial" }, "base": { "distribution": "debian", "release": "bookworm", "components": "main" },
          "packages": ["firefox-esr"], "locales": ["fr_FR.UTF-8"], "limits": { "memory": "1GiB", "cpu": 1, "processes": 400, "home": "1GiB" },
          "egress": { "tcpPorts": "80,443" }, "rest": { "freezeAfterMinutes": 30, "stopAfterMinutes": 240 }, "snapshots": { "everyHours": 24, "keep": 7 }
        }
        """;

    [Fact]
    public void A_right_definition_is_read_whole()
    {
        var (bundle, faults) = BundleReader.Read("essai", Right);
        Assert.Empty(faults);
        Assert.NotNull(bundle);
        Assert.Equal(("Essai", "Trial"), (bundle.TitleIn("fr"), bundle.TitleIn("en")));
        Assert.Equal(new BundleRest(TimeSpan.FromMinutes(30), TimeSpan.FromHours(4)), bundle.Rest);
        Assert.Equal(new BundleSnapshots(TimeSpan.FromDays(1), 7), bundle.Snapshots);
        Assert.Equal(("both", "none", "off"), (bundle.Clipboard, bundle.Transfer.Direction, bundle.Recording));
    }

    [Theory]
    [InlineData("\"name\": \"essai\"", "\"name\": \"autre\"", "name", "name")]
    [InlineData(", \"en\": \"Trial\"", "", "title.en", "title")]
    [InlineData("\"en\": \"Trial\"", "\"en\": \"Trial\", \"de\": \"Versuch\"", "title.de", "unknown")]
    [InlineData("\"memory\": \"1GiB\"", "\"memory\": \"1 Go\"", "limits.memory", "size")]
    [InlineData("\"memory\": \"1GiB\"", "\"memory\": \"64MiB\"", "limits.memory", "size")]
    [InlineData("\"cpu\": 1", "\"cpu\": \"1\"", "limits.cpu", "number")]
    [InlineData("\"cpu\": 1", "\"cpu\": 0", "limits.cpu", "number")]
    [InlineData("\"cpu\": 1, ", "", "limits.cpu", "missing")]
    [InlineData("\"80,443\"", "\"80, 443\"", "egress.tcpPorts", "ports")]
    [InlineData("\"80,443\"", "\"443-80\"", "egress.tcpPorts", "ports")]
    [InlineData("\"80,443\"", "443", "egress.tcpPorts", "ports")]
    [InlineData("[\"firefox-esr\"]", "[\"firefox-esr\", \"; rm -rf /\"]", "packages[1]", "package")]
    [InlineData("[\"firefox-esr\"]", "\"firefox-esr\"", "packages", "list")]
    [InlineData("[\"fr_FR.UTF-8\"]", "[\"fr\"]", "locales[0]", "locale")]
    [InlineData("\"locales\": [\"fr_FR.UTF-8\"], ", "", "locales", "missing")]
    [InlineData("\"freezeAfterMinutes\": 30", "\"freezeAfterMinutes\": 300", "rest.stopAfterMinutes", "rest")]
    [InlineData("\"keep\": 7", "\"keep\": 0", "snapshots.keep", "number")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"clipboard\": \"inside\"", "clipboard", "choice")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"transfer\": \"all\"", "transfer", "choice")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"transfer\": { \"types\": [] }", "transfer.direction", "missing")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"transfer\": { \"direction\": \"in\", \"largestMiB\": 0 }", "transfer.largestMiB", "number")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"transfer\": { \"direction\": \"in\", \"types\": [\"exe\"] }", "transfer.types[0]", "choice")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"transfer\": { \"direction\": \"in\", \"size\": 1 }", "transfer.size", "unknown")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"watermark\": true", "watermark", "choice")]
    [InlineData("\"name\": \"essai\"", "\"name\": \"essai\", \"memmory\": 1", "memmory", "unknown")]
    public void A_fault_is_named_by_its_key(string right, string wrong, string key, string reason)
    {
        var (bundle, faults) = BundleReader.Read("essai", Right.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Null(bundle);
        var fault = Assert.Single(faults);
        Assert.Equal((key, reason), (fault.Key, fault.Reason));
        Assert.StartsWith($"bundles/essai/bundle.json: {key}: ", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_definition_are_told_at_once()
    {
        var (_, faults) = BundleReader.Read("essai", """{ "name": "essai", "limits": { "memory": "1GiB" } }""");
        Assert.Equal(
            ["base", "egress", "limits.cpu", "limits.home", "limits.processes", "locales", "packages", "title"], faults.Select(f => f.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_no_JSON_is_said_to_be_none()
    {
        var (bundle, faults) = BundleReader.Read("essai", "{ name: essai }");
        Assert.Null(bundle);
        Assert.Equal("json", Assert.Single(faults).Reason);
    }

    [Theory]
    [InlineData("1500MiB", 1500)]
    [InlineData("2GiB", 2048)]
    [InlineData("0MiB", 0)]
    [InlineData("-1GiB", 0)]
    [InlineData("9999999GiB", 0)]
    [InlineData("GiB", 0)]
    [InlineData("2GB", 0)]
    [InlineData(null, 0)]
    public void Sizes_are_read_as_the_engine_writes_them(string? text, int mebibytes) =>
        Assert.Equal((mebibytes > 0, mebibytes), (MemorySize.TryParse(text, out var size), size));
}
