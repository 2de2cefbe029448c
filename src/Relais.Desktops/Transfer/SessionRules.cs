using Microsoft.Extensions.Localization;
using Relais.Desktops.Bundles;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;

namespace Relais.Desktops.Transfer;

/// <summary>What passes between a session and the person's device, as its page says it: what is closed and by whom, and what no server can hold.</summary>
internal static class SessionRules
{
    /// <param name="title">The bundle's, in the reader's language.</param>
    public static IReadOnlyList<ScreenRule> OfDesktop(Bundle bundle, string title, bool pooled, bool named, IStringLocalizer<TransferTexts> text)
    {
        var files = pooled ? new ScreenRule(text["Rules.Files"], ScreenRule.Closed, text["Rules.Files.Pool"]) : bundle.Transfer switch
        {
            { In: true, Out: true } => new ScreenRule(text["Rules.Files"], ScreenRule.Open, text["Rules.Files.Both", HomeFiles.Folder]),
            { In: true } => new ScreenRule(text["Rules.Files"], ScreenRule.Partly, text["Rules.Files.In", title]),
            { Out: true } => new ScreenRule(text["Rules.Files"], ScreenRule.Partly, text["Rules.Files.Out", title]),
            _ => new ScreenRule(text["Rules.Files"], ScreenRule.Closed, text["Rules.Closed", title]),
        };
        var print = (pooled, bundle.Prints) switch
        {
            (true, _) => new ScreenRule(text["Rules.Print"], ScreenRule.Closed, text["Rules.Print.Pool"]),
            (_, true) => new ScreenRule(text["Rules.Print"], ScreenRule.Open, text["Rules.Print.Open"]),
            _ => new ScreenRule(text["Rules.Print"], ScreenRule.Closed, text["Rules.Closed", title]),
        };
        return [Clipboard(bundle.ClipboardPolicy, text[$"Rules.Clipboard.{bundle.ClipboardPolicy}", title], text), files, print, .. Name(named, text)];
    }

    public static IReadOnlyList<ScreenRule> OfMachine(TargetProtocol protocol, ClipboardPolicy policy, bool named, IStringLocalizer<TransferTexts> text)
    {
        var words = text[$"Rules.Machine.{policy}"].Value;
        // The gateway reads RDP. Of VNC it holds what goes in, and a terminal's characters are the session itself.
        var unheld = (protocol, policy) switch
        {
            (TargetProtocol.Vnc, ClipboardPolicy.None or ClipboardPolicy.In) => text["Rules.Unheld.Vnc"].Value,
            (TargetProtocol.Ssh, not ClipboardPolicy.Both) => text["Rules.Unheld.Ssh"].Value,
            _ => "",
        };
        return
        [
            Clipboard(policy, $"{words} {unheld}".Trim(), text),
            new ScreenRule(text["Rules.Files"], ScreenRule.Closed, text["Rules.Machine.Files"]),
            new ScreenRule(text["Rules.Print"], ScreenRule.Closed, text["Rules.Machine.Print"]),
            .. Name(named, text),
        ];
    }

    private static ScreenRule Clipboard(ClipboardPolicy policy, string words, IStringLocalizer<TransferTexts> text) => new(
        text["Rules.Clipboard"],
        policy switch { ClipboardPolicy.Both => ScreenRule.Open, ClipboardPolicy.None => ScreenRule.Closed, _ => ScreenRule.Partly },
        words);

    private static IEnumerable<ScreenRule> Name(bool named, IStringLocalizer<TransferTexts> text) =>
        named ? [new ScreenRule(text["Rules.Name"], ScreenRule.Shown, text["Rules.Name.Page"])] : [];
}
