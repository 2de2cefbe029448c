using System.Net;
using System.Text;

namespace Relais.Desktops.Engine;

/// <summary>Another language for a desktop that runs already.</summary>
internal sealed class RunningSettings(EngineClient engine)
{
    // One at a time; what speaks the language already stays as it is. The session is killed rather than asked to end: nobody has done anything in it.
    private const string Script = """
        exec 9>/run/relais-dress
        flock 9
        if grep -qx "LANG=$1" /etc/default/locale; then
            rm "$2"
            exit 0
        fi
        mv "$2" "$3"
        /usr/lib/relais/prepare
        systemctl kill --signal=KILL relais-session 9>&- || true
        systemctl restart relais-session 9>&-
        """;

    /// <summary>Writes the settings file anew, and begins the session anew unless it speaks the language already. Over when it may be shown.</summary>
    /// <param name="settings">The file's text.</param>
    public async Task SpeakAsync(string name, string settings, string language, CancellationToken cancel)
    {
        // Beside the file until it is one's turn: nobody reads half of it, and the password in it goes either way.
        var beside = $"{DesktopSettings.Path}.{Guid.NewGuid():N}";
        await engine.PushFileAsync(name, beside, Encoding.UTF8.GetBytes(settings), "0600", cancel);
        var code = await engine.RunAsync(name, ["sh", "-euc", Script, "sh", DesktopSettings.LocaleOf(language), beside, DesktopSettings.Path], user: 0, cancel);
        if (code != 0)
            throw new EngineException(HttpStatusCode.OK, $"{name} could not be given another language: exit code {code}");
    }
}
