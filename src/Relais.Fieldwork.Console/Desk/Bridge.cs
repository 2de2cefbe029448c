using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>What the browser does for the program: web/src/entries/console.ts. Documents cross as JSON.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Bridge
{
    private const string Console = "globalThis.relaisConsole.";

    [JSImport(Console + "settings")]
    public static partial string Settings();

    [JSImport(Console + "haveConsole")]
    public static partial Task<bool> HaveConsoleAsync(bool take, [JSMarshalAs<JSType.Function>] Action lost);

    [JSImport(Console + "takeKeys")]
    public static partial void TakeKeys([JSMarshalAs<JSType.Function<JSType.String>>] Action<string> taken);

    [JSImport(Console + "call")]
    public static partial Task<string> CallAsync(string method, string address, string? body);

    [JSImport(Console + "find")]
    public static partial Task<string> FindAsync(string person);

    [JSImport(Console + "keep")]
    public static partial Task KeepAsync(string interview, string events);

    [JSImport(Console + "events")]
    public static partial Task<string> EventsAsync(string interview);

    [JSImport(Console + "forget")]
    public static partial Task ForgetAsync(string interview);

    [JSImport(Console + "form")]
    public static partial Task<string> FormAsync(string id);

    [JSImport(Console + "keepForm")]
    public static partial Task KeepFormAsync(string id, string form);

    [JSImport(Console + "send")]
    public static partial void Send(string interview, double fence, double acknowledged, [JSMarshalAs<JSType.Function<JSType.String>>] Action<string> tell);

    [JSImport(Console + "stopSending")]
    public static partial void StopSending();

    /// <summary>How long a step of the questionnaire took.</summary>
    [JSImport(Console + "stepped")]
    public static partial void Stepped(double milliseconds);

    /// <summary>A moment in words: <paramref name="options"/> are those of Intl.DateTimeFormat.</summary>
    [JSImport(Console + "say")]
    public static partial string Say(string language, string iso, string options);

    [JSImport(Console + "focus")]
    public static partial void Focus(string selector);

    [JSImport(Console + "show")]
    public static partial void Show(string selector);

    /// <summary>Whether the headset is connected in this very tab.</summary>
    [JSImport(Console + "voiceIsHere")]
    public static partial bool VoiceIsHere();

    [JSImport(Console + "connectVoice")]
    public static partial void ConnectVoice();

    /// <summary>A short tone: somebody is on the line.</summary>
    [JSImport(Console + "chime")]
    public static partial void Chime();

    /// <summary>Shows in the headset's bar where the voice is: "here", "elsewhere", "none"; empty hides it, where nobody calls through Relais.</summary>
    [JSImport(Console + "showVoice")]
    public static partial void ShowVoice(string where);

    [JSImport(Console + "language")]
    public static partial void Language(string language);
}
