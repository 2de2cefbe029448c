using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Host;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Serving;

/// <summary>Every verb of the program says what it does, and the shell knows it.</summary>
public sealed partial class VerbTests
{
    [Fact]
    public async Task Every_verb_tells_aboutputitself_withoutputdoing_anything_and_withoutputa_server()
    {
        foreach (var verb in Verbs())
        {
            var help = await Completion.HelpOfAsync(verb);
            Assert.True(help.Contains(verb.Name, StringComparison.Ordinal) && help.Length > verb.Name.Length + 20, $"{verb.Name}: {help}");
            Assert.Equal(!verb.ExplainsItself, VerbHelp.IsAsked(verb, [.. verb.Name.Split(' '), "--help"]));
        }
    }

    [Fact]
    public async Task Help_of_a_verb_that_explains_itself_is_no_failure()
    {
        foreach (var verb in Verbs().Where(v => v.ExplainsItself))
        {
            await using var output = new StringWriter();
            await using var error = new StringWriter();
            Assert.True(await verb.Run(new VerbCall(NoServices.Instance, ["--help"], output, error), CancellationToken.None) == 0, verb.Name);
            Assert.True(output.ToString().Length > 0 && error.ToString().Length == 0, $"{verb.Name} explains itself on the wrong stream");
        }
    }

    [Fact]
    public async Task The_tab_key_offers_every_verb_word_by_word_and_then_its_options()
    {
        var verbs = Verbs();
        var script = await Completion.ScriptAsync(verbs, "bash");
        // Everything that may be asked, in one shell.
        var prefixes = verbs.SelectMany(v => Prefixes(v.Name)).Append("").Distinct(StringComparer.Ordinal).ToList();
        var asked = string.Join('\n', prefixes.Select(p => $"COMP_WORDS=(relais {p} ''); COMP_CWORD={p.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length + 1}; _relais; echo \"{p}|${{COMPREPLY[*]}}\""));
        var said = (await BashAsync(script + asked)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|'))
            .ToDictionary(l => l[0], l => l[1].Split(' '), StringComparer.Ordinal);
        Assert.All(verbs, verb =>
        {
            var words = verb.Name.Split(' ');
            for (var i = 0; i < words.Length; i++)
                Assert.Contains(words[i], said[string.Join(' ', words.Take(i))]);
            Assert.Contains("--help", said[verb.Name]);
        });
        Assert.Contains("--check", said["import"]);
        Assert.Contains("bundles", said["desktops"]);
        Assert.Contains("serve", said[""]);
        Assert.Contains("restart", said["desktops do"]);
    }

    [Fact]
    public async Task Zsh_offers_the_same_at_a_line_that_is_typed()
    {
        var folder = Directory.CreateTempSubdirectory("relais-zsh-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "relais.zsh"), await Completion.ScriptAsync(Verbs(), "zsh"));
            await File.WriteAllTextAsync(Path.Combine(folder, "people.csv"), "");
            // A terminal of its own, in which each line is typed and then the key; what the shell would offer goes to a file.
            await File.WriteAllTextAsync(Path.Combine(folder, "start"), """
                PS1=
                setopt no_beep no_auto_list no_auto_menu
                autoload -Uz compinit
                compinit -u -D
                source ./relais.zsh
                compadd() { local -a hits; builtin compadd -O hits "$@"; said+=($hits); builtin compadd "$@" }
                ask() { asked=$BUFFER; zle complete-word; print -r -- "$asked|$said" >> said; BUFFER=; said=() }
                zle -N ask
                bindkey '^T' ask
                """);
            string[] asked = ["relais ", "relais desktops ", "relais desktops do ", "relais desktops pools ", "relais desktops forec", "./relais plan ", "relais import --", "relais import ./peo"];
            var typed = string.Join('\n', asked.Select(line => $"zpty -w -n shell '{line}'$'\\x14'"));
            await RunAsync("zsh", ["-f"], $"""
                zmodload zsh/zpty
                cd {folder}
                zpty shell zsh -f -i
                zpty -w shell 'source ./start'
                {typed}
                zpty -w shell exit
                while zpty -r shell line; do :; done
                exit 0

                """);

            var said = (await File.ReadAllLinesAsync(Path.Combine(folder, "said"))).Select(l => l.Split('|')).ToDictionary(l => l[0], l => l[1].Split(' '), StringComparer.Ordinal);
            Assert.Equal(asked, said.Keys);
            Assert.Contains("serve", said["relais "]);
            Assert.Contains("people", said["relais "]);
            Assert.Contains("bundles", said["relais desktops "]);
            Assert.Contains("restart", said["relais desktops do "]);
            Assert.Contains("--snapshot", said["relais desktops do "]);
            Assert.Contains("set", said["relais desktops pools "]);
            Assert.Equal(["forecast"], said["relais desktops forec"]);
            Assert.Contains("rehearse", said["./relais plan "]);
            Assert.Contains("--check", said["relais import --"]);
            Assert.Contains("people.csv", said["relais import ./peo"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_verbs_of_the_launcher_are_known_to_the_shell_too()
    {
        var launcher = await File.ReadAllTextAsync(Path.Combine(RelaisApp.Repository(), "relais"));
        Assert.Equal(LauncherVerbs().Match(launcher).Groups["verbs"].Value.Split(" | "), Completion.OfLauncher);
    }

    private static List<Verb> Verbs()
    {
        var services = new ServiceCollection();
        Modules.Add(services, new ConfigurationBuilder().Build());
        return [.. Modules.FileVerbs, .. services.Where(s => s.ServiceType == typeof(Verb)).Select(s => Assert.IsType<Verb>(s.ImplementationInstance))];
    }

    private static IEnumerable<string> Prefixes(string name)
    {
        var words = name.Split(' ');
        return Enumerable.Range(1, words.Length).Select(many => string.Join(' ', words.Take(many)));
    }

    private static Task<string> BashAsync(string script) => RunAsync("bash", ["--norc"], script);

    private static async Task<string> RunAsync(string shell, string[] arguments, string script)
    {
        using var run = Process.Start(new ProcessStartInfo(shell, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var said = run.StandardOutput.ReadToEndAsync();
        await run.StandardInput.WriteAsync(script);
        run.StandardInput.Close();
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
        return await said;
    }

    [GeneratedRegex(@"^(?<verbs>up \| [a-z| ]+?) \| --help", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LauncherVerbs();
}
