using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Relais.Traffic.Measures.Tests.Deployed;

/// <summary>The example of deploy/kubernetes hangs together. No cluster has seen it here.</summary>
public sealed partial class KubernetesFiles
{
    private static readonly string Root = Find();
    private static readonly string Folder = Path.Combine(Root, "deploy", "kubernetes");
    private static readonly List<YamlMappingNode> Documents = [.. Directory.EnumerateFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).SelectMany(Read)];

    [Fact]
    public void Each_file_is_read_and_named_by_the_kustomization()
    {
        Assert.All(Documents, d => Assert.NotEmpty(Text(d, "apiVersion")));
        var listed = ((YamlSequenceNode)Of("Kustomization").Children["resources"]).Select(r => r.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Where(f => f != "kustomization.yaml").Order(StringComparer.Ordinal), listed);
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("Deployment")]
    public void Whatever_selects_pods_finds_them_and_whatever_is_mounted_is_there(string kind)
    {
        var set = Of(kind);
        var labels = Node(set, "spec", "template", "metadata", "labels").ToString();
        Assert.Equal(labels, Node(set, "spec", "selector", "matchLabels").ToString());
        Assert.Contains(Documents, d => Text(d, "kind") == "Service" && Node(d, "spec", "selector").ToString() == labels);
        var pod = (YamlMappingNode)Node(set, "spec", "template", "spec");
        var volumes = Names(pod, "volumes").Concat(kind == "StatefulSet" ? ((YamlSequenceNode)Node(set, "spec", "volumeClaimTemplates")).Select(c => Text((YamlMappingNode)c, "metadata", "name")) : []).ToList();
        foreach (var container in new[] { "initContainers", "containers" }.SelectMany(k => (YamlSequenceNode)pod.Children[k]).Cast<YamlMappingNode>())
            Assert.All(Names(container, "volumeMounts"), m => Assert.Contains(m, volumes));
    }

    [Fact]
    public void The_log_of_a_collector_lies_in_a_volume_that_stays()
    {
        var set = Of("StatefulSet");
        Assert.Equal(("Retain", "Retain"), (Text(set, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"), Text(set, "spec", "persistentVolumeClaimRetentionPolicy", "whenScaled")));
        var container = (YamlMappingNode)((YamlSequenceNode)Node(set, "spec", "template", "spec", "containers"))[0];
        var log = ((YamlSequenceNode)container.Children["env"]).Cast<YamlMappingNode>().Single(e => Text(e, "name") == "RELAIS__Traffic__Log");
        var mount = ((YamlSequenceNode)container.Children["volumeMounts"]).Cast<YamlMappingNode>().Single(m => Text(m, "name") == "log");
        Assert.Equal(Text(mount, "mountPath"), Text(log, "value"));
    }

    [Fact]
    public void Settings_and_metrics_are_those_of_the_program()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var text = string.Concat(Directory.EnumerateFiles(Folder, "*.yaml").Select(File.ReadAllText));
        Assert.All(Setting().Matches(text).Select(m => m.Groups["last"].Value).Where(n => n != "Relais"), name => Assert.Contains($" {name} {{ get;", sources, StringComparison.Ordinal));
        Assert.All(Metric().Matches(text).Select(m => m.Groups["name"].Value.Replace('_', '.')), name => Assert.Contains($"\"{name}\"", sources, StringComparison.Ordinal));
        Assert.NotEmpty(Metric().Matches(text));
    }

    private static IEnumerable<YamlMappingNode> Read(string path)
    {
        var stream = new YamlStream();
        using var file = File.OpenText(path);
        stream.Load(file);
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode);
    }

    private static YamlMappingNode Of(string kind) => Documents.Single(d => Text(d, "kind") == kind);

    private static IEnumerable<string> Names(YamlMappingNode of, string list) => ((YamlSequenceNode)of.Children[list]).Select(v => Text((YamlMappingNode)v, "name"));

    private static YamlNode Node(YamlNode of, params string[] path) => path.Aggregate(of, (node, name) => ((YamlMappingNode)node).Children[name]);

    private static string Text(YamlMappingNode of, params string[] path) => Node(of, path).ToString();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here) ?? "", "..", "..", ".."));

    [GeneratedRegex("RELAIS__(?:[A-Za-z]+__)*(?<last>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();

    // Units stand behind a name as Prometheus writes them.
    [GeneratedRegex("(?<name>relais_traffic_[a-z_]+?)(_seconds|_bytes|_total)?\\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();
}
