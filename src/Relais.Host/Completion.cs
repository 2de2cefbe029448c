using System.Text;
using Relais.Kernel.Verbs;

namespace Relais.Host;

/// <summary>
/// <c>relais completion bash|zsh</c>: what a shell offers at the tab key, made from the verbs that there are and from what their help says. The script holds it all:
/// a key press starts no program of ours.
/// </summary>
internal static class Completion
{
    public const string Name = "completion";
    public const string Summary = "what a shell offers at the tab key: bash|zsh";

    private const int UsageError = 2;

    /// <summary>The verbs of the launcher, <c>./relais</c>.</summary>
    internal static readonly IReadOnlyList<string> OfLauncher = ["up", "down", "test", "doctor", "demo", "bench", "build", "help"];

    private const string Script = """
        # Made by: relais completion SHELL
        _relais_verbs() {
            cat <<'VERBS'
        VERBS_HERE
        VERBS
        }

        # What may follow the words typed so far: the next word of a verb, or the options of one.
        _relais_next() {
            _relais_verbs | awk -F'|' -v said="$1" '
                said == "" || index($1, said " ") == 1 {
                    split(substr($1, said == "" ? 1 : length(said) + 2), words, " ")
                    if (!(words[1] in seen)) { seen[words[1]] = 1; print words[1] }
                }
                $1 == said || index(said, $1 " ") == 1 {
                    many = split($2, options, " ")
                    for (i = 1; i <= many; i++) if (!(options[i] in seen)) { seen[options[i]] = 1; print options[i] }
                }'
        }

        """;

    private const string Bash = """
        _relais() {
            COMPREPLY=($(compgen -W "$(_relais_next "${COMP_WORDS[*]:1:COMP_CWORD-1}")" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _relais relais ./relais

        """;

    private const string Zsh = """
        _relais() {
            local -a found
            found=(${(f)"$(_relais_next "${(j: :)words[2,CURRENT-1]}")"})
            compadd -a found || _files
        }
        compdef _relais relais

        """;

    public static async Task<int> RunAsync(Func<IReadOnlyList<Verb>> verbs, string[] arguments)
    {
        if (arguments is not ["bash" or "zsh"])
        {
            var help = arguments is ["--help" or "-h"];
            await (help ? Console.Out : Console.Error).WriteLineAsync("usage: relais completion bash|zsh   (in ~/.bashrc: source <(relais completion bash))");
            return help ? 0 : UsageError;
        }

        await Console.Out.WriteAsync(await ScriptAsync(verbs(), arguments[0]));
        return 0;
    }

    public static async Task<string> ScriptAsync(IReadOnlyList<Verb> verbs, string shell)
    {
        var lines = new List<string>();
        foreach (var verb in verbs)
            lines.Add($"{verb.Name}|{string.Join(' ', verb.Words.Concat(VerbHelp.Options(await HelpOfAsync(verb))))}");
        lines.AddRange(OfLauncher.Append("serve").Select(name => $"{name}|"));
        lines.AddRange([$"{Name} bash|", $"{Name} zsh|"]);
        lines.Sort(StringComparer.Ordinal);
        return Script.Replace("VERBS_HERE", string.Join('\n', lines), StringComparison.Ordinal) + (shell == "bash" ? Bash : Zsh);
    }

    /// <summary>All that a verb says of itself.</summary>
    internal static async Task<string> HelpOfAsync(Verb verb)
    {
        if (!verb.ExplainsItself)
            return VerbHelp.Of(verb);
        var said = new StringBuilder();
        await using var to = new StringWriter(said);
        await verb.Run(new VerbCall(NoServices.Instance, ["--help"], to, to), CancellationToken.None);
        return said.ToString();
    }
}
