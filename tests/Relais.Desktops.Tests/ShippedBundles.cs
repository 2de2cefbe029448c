using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Tests;

/// <summary>The bundles of the repository, and those that somebody adds beside them.</summary>
public sealed class ShippedBundles : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("relais-bundles-").FullName;

    public static TheoryData<string> Names => ["bureau-standard", "bureautique", "graphisme", "developpement", "enqueteur"];

    private static string Folder { get; } = FindFolder();

    [Fact]
    public void Every_shipped_definition_is_right()
    {
        var (bundles, faults) = CatalogOf(Folder).Read();
        Assert.Empty(faults);
        Assert.Equal(Names.Select(n => n.Data).Order(StringComparer.Ordinal), bundles.Select(b => b.Name).Order(StringComparer.Ordinal));
    }

    // The script itself answers: it finds the image where this says it is, and builds nothing.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_name_of_an_image_is_the_one_that_the_build_script_gives_it(string name)
    {
        var catalog = CatalogOf(Folder);
        var bundle = catalog.Get(name);
        var written = Path.Combine(_work, "written");
        catalog.RecipeOf(bundle).Write(written);
        var image = Path.Combine(_work, "cache", "relais", "images", $"{name}-{catalog.HashOf(bundle)}");
        Directory.CreateDirectory(image);
        foreach (var file in (string[])["rootfs.squashfs", "metadata.tar.xz"])
            await File.WriteAllTextAsync(Path.Combine(image, file), "there", TestContext.Current.CancellationToken);

        Assert.Equal((0, image), await RunAsync(catalog.BuildScript, written));
        if (bundle.Extends is null)
            Assert.Equal((0, image), await RunAsync(catalog.BuildScript, Path.Combine(Folder, name)));
    }

    [Fact]
    public void The_interviewers_bundle_has_one_browser_and_no_way_out()
    {
        var catalog = CatalogOf(Folder);
        var bundle = catalog.Get("enqueteur");
        Assert.Equal(("", "none", "none"), (bundle.Egress.TcpPorts, bundle.Clipboard, bundle.Transfer.Direction));
        var recipe = catalog.RecipeOf(bundle);
        Assert.Contains("firefox-esr", recipe.Packages);
        Assert.Empty(recipe.Packages.Intersect(["xfce4-terminal", "thunar", "xfce4-panel", "mousepad", "xfdesktop4"], StringComparer.Ordinal));
        Assert.Contains("--kiosk", File.ReadAllText(Path.Combine(Folder, "enqueteur", "overlay", "usr", "lib", "relais", "kiosk")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_takes_over_what_it_extends_and_a_circle_is_told()
    {
        Add("socle", """ "base": { "distribution": "debian", "release": "bookworm", "components": "main" }, "packages": ["a1", "b1"], "locales": ["fr_FR.UTF-8"] """);
        Add("plus", """ "extends": "socle", "packages": ["c1", "a1"], "without": ["b1"] """);
        Add("rond", """ "extends": "tour" """);
        Add("tour", """ "extends": "rond" """);
        Add("vide", """ "extends": "absent" """);
        Add("sans", """ "extends": "socle", "without": ["z1"] """);
        var catalog = CatalogOf(_work);

        var (bundles, faults) = catalog.Read();
        Assert.Equal(["plus", "socle"], bundles.Select(b => b.Name));
        Assert.Equal(["rond", "sans", "tour", "vide"], faults.Select(f => f.Bundle).Order(StringComparer.Ordinal));
        Assert.Equal(["a1", "c1"], catalog.RecipeOf(catalog.Get("plus")).Packages);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_is_never_a_path(string name)
    {
        Assert.Null(CatalogOf(Folder).Find(name));
        Assert.Throws<InvalidDataException>(() => CatalogOf(Folder).Get(name));
    }

    [Fact]
    public void Another_file_is_another_image_and_another_limit_is_not()
    {
        Add("socle", """ "base": { "distribution": "debian", "release": "bookworm", "components": "main" }, "packages": ["a1"], "locales": ["fr_FR.UTF-8"] """);
        var catalog = CatalogOf(_work);
        File.WriteAllText(Path.Combine(_work, "build-image.sh"), "true");
        var first = catalog.HashOf(catalog.Get("socle"));
        Assert.Equal(first, catalog.HashOf(catalog.Get("socle") with { Limits = new BundleLimits("9GiB", 9, 900, "9GiB") }));

        var file = Path.Combine(_work, "socle", "overlay", "etc", "motd");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "bonjour");
        var second = catalog.HashOf(catalog.Get("socle"));
        Assert.NotEqual(first, second);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        Assert.NotEqual(second, catalog.HashOf(catalog.Get("socle")));
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    private void Add(string name, string fields)
    {
        Directory.CreateDirectory(Path.Combine(_work, name));
        File.WriteAllText(Path.Combine(_work, name, "bundle.json"), $$"""
            {
              "name": "{{name}}", "title": { "fr": "x", "en": "x" }, "limits": { "memory": "1GiB", "cpu": 1, "processes": 400, "home": "1GiB" },
              "egress": { "tcpPorts": "" }, {{fields}}
            }
            """);
    }

    private static BundleCatalog CatalogOf(string folder) => new(Options.Create(new DesktopsOptions { Bundles = folder }));

    private async Task<(int Code, string Last)> RunAsync(string script, string bundle)
    {
        // Were it to build after all, it would find that it may not.
        var bin = Directory.CreateDirectory(Path.Combine(_work, "bin")).FullName;
        var id = Path.Combine(bin, "id");
        await File.WriteAllTextAsync(id, "#!/bin/sh\necho 1000\n");
        File.SetUnixFileMode(id, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", [script, bundle]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(_work, "cache");
        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim());
    }

    private static string FindFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here) ?? "", "..", "..", "bundles"));
}
