using Microsoft.Extensions.Localization;

namespace Relais.Access.SignIns;

/// <summary>"Firefox, Windows" for a browser's long signature. A wrong guess misleads nobody: it is the browser's own word.</summary>
internal static class DeviceName
{
    // The order matters: browsers name those whom they want to be taken for, too.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string agent, IStringLocalizer<AccessTexts> text)
    {
        var names = new[] { Find(Browsers, agent), Find(Systems, agent) }.OfType<string>().ToList();
        return names.Count > 0 ? string.Join(", ", names) : text["Device.Unknown"];
    }

    private static string? Find((string Mark, string Name)[] known, string agent) =>
        Array.Find(known, k => agent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
