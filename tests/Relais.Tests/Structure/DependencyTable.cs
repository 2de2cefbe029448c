using System.Reflection;
using System.Text.RegularExpressions;

namespace Relais.Tests.Structure;

/// <summary>Holds the table of docs/architecture.md against the built assemblies.</summary>
public sealed partial class DependencyTable
{
    private static readonly Dictionary<string, string[]> May = new(StringComparer.Ordinal)
    {
        ["Relais.Kernel"] = [],
        ["Relais.Gateway.Protocols"] = [],
        ["Relais.Recordings"] = [],
        ["Relais.Portal"] = ["Relais.Kernel"],
        ["Relais.Access"] = ["Relais.Kernel", "Relais.Portal"],
        ["Relais.Gateway"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Gateway.Protocols", "Relais.Recordings"],
        ["Relais.Audience.Numerics"] = [],
        ["Relais.Audience"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Fieldwork", "Relais.Audience.Numerics"],
        ["Relais.Telephony.Protocols"] = [],
        ["Relais.Telephony"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Recordings", "Relais.Telephony.Protocols"],
        ["Relais.Fieldwork.Forms"] = [],
        ["Relais.Fieldwork.Console"] = ["Relais.Fieldwork.Forms"],
        ["Relais.Fieldwork"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Telephony", "Relais.Fieldwork.Forms"],
        ["Relais.Traffic.Measures"] = [],
        ["Relais.Traffic.Log"] = [],
        ["Relais.Traffic"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Traffic.Log", "Relais.Traffic.Measures"],
        ["Relais.Desktops"] = ["Relais.Kernel", "Relais.Access", "Relais.Portal", "Relais.Gateway"],
    };

    // Used freely; of any other module only the Contracts namespace.
    private static readonly HashSet<string> Free = new(StringComparer.Ordinal)
    {
        "Relais.Kernel",
        "Relais.Portal",
        "Relais.Gateway.Protocols",
        "Relais.Recordings",
        "Relais.Audience.Numerics",
        "Relais.Telephony.Protocols",
        "Relais.Fieldwork.Forms",
        "Relais.Fieldwork.Console",
        "Relais.Traffic.Log",
        "Relais.Traffic.Measures",
    };

    public static TheoryData<string> Projects => [.. May.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_the_table_allows(string project)
    {
        var used = Assembly.Load(project).GetReferencedAssemblies()
            .Select(a => a.Name ?? "").Where(n => n.StartsWith("Relais.", StringComparison.Ordinal));
        Assert.Empty(used.Except(May[project], StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_of_the_sources_is_in_the_table()
    {
        var projects = Directory.GetDirectories(Path.Combine(Sources.Root, "src")).Select(Path.GetFileName).Where(n => n != "Relais.Host");
        Assert.Equal(May.Keys.Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_module_shows_its_neighbours_only_its_contracts(string project)
    {
        if (Free.Contains(project))
            return;
        // Components and what their parameters name must be public, and texts that others localise with; nothing else may be.
        var holders = Assembly.Load(project).GetExportedTypes().Where(IsComponent)
            .SelectMany(c => c.GetProperties()).Select(p => p.PropertyType.DeclaringType).ToHashSet();
        var exposed = Assembly.Load(project).GetExportedTypes()
            .Where(t => !(t.Namespace ?? "").EndsWith(".Contracts", StringComparison.Ordinal))
            .Where(t => !t.Name.EndsWith("Module", StringComparison.Ordinal) && !t.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(t => !IsComponent(t) && !t.Name.EndsWith("Texts", StringComparison.Ordinal) && t.Name != "_Imports" && !holders.Contains(t))
            .Where(t => !t.IsNested && !t.IsEnum && !(t.Namespace ?? "").EndsWith(".Migrations", StringComparison.Ordinal))
            .Select(t => t.FullName);
        Assert.Empty(exposed);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_module_names_only_the_contracts_of_its_neighbours(string project)
    {
        var offences =
            from file in Sources.Files(project)
            from use in UsedNamespace().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value)
            let owner = May.Keys.Where(k => use.StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length)
            where owner is not null && owner != project && !Free.Contains(owner) && !use.StartsWith(owner + ".Contracts", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)} uses {use}";
        Assert.Empty(offences);
    }

    private static bool IsComponent(Type type) => typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type);

    [GeneratedRegex(@"^@?using (?<name>Relais\.[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UsedNamespace();
}
